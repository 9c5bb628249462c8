/** Pages of the log in parts. */
import type { Page, Stored } from "./Event.ts"

/** What of a page comes after a position and is wanted. */
export const after = (
  { events, time, to }: Page,
  position: number,
  isWanted: (stored: Stored) => boolean
): Page => ({
  after: position,
  to,
  time,
  events: events.filter((stored) => stored.position > position && isWanted(stored))
})

/** A page as pages of one event each, with what nobody wants before each event as a page of its own. */
export const singles = ({ after, events, time, to }: Page): ReadonlyArray<Page> => {
  const pages: Array<Page> = []
  let reached = after
  const upTo = (next: number, time: number, events: Page["events"]) => {
    if (next > reached) pages.push({ after: reached, to: next, time, events })
    reached = next
  }
  for (const stored of events) {
    // What lies between was recorded by the time of this event, and it changes no row.
    upTo(stored.position - 1, stored.recordedAt, [])
    upTo(stored.position, stored.recordedAt, [stored])
  }
  upTo(to, time, [])
  return pages
}
