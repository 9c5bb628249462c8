/** What commits have added to the log, as those hear of it who follow the log. */
import * as Either from "effect/Either"
import type { Outcomes } from "./Append.ts"
import type { Page, Stored } from "./Event.ts"

/** Whether commits have added anything. */
export const isIn = (outcomes: Outcomes): boolean => outcomes.some((outcome) => added(outcome).length > 0)

/** What they have added, as the next page of the log; `undefined` when it is too much to be handed round. */
export const of = (outcomes: Outcomes): Page | undefined => {
  const events = outcomes.flatMap(added)
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined || isLarge(events)) return undefined
  return { after: first.position - 1, to: last.position, time: last.recordedAt, events }
}

/** Several pieces as one; `undefined` when there is something between them, or they are too much together. */
export const joined = (news: ReadonlyArray<Page | undefined>): Page | undefined => {
  const [first, ...others] = news
  if (first === undefined || others.length === 0) return first
  const events = [...first.events]
  let { time, to } = first
  for (const page of others) {
    if (page?.after !== to || events.length > most.events) return undefined
    for (const stored of page.events) events.push(stored)
    ;({ time, to } = page)
  }
  return isLarge(events) ? undefined : { after: first.after, to, time, events }
}

// internal

/** What is handed round in memory. */
const most = { events: 1000, characters: 1_000_000 }

const isLarge = (events: ReadonlyArray<Stored>): boolean =>
  events.length > most.events ||
  events.reduce((sum, { payload }) => sum + payload.length, 0) > most.characters

const added = (outcome: Outcomes[number]): ReadonlyArray<Stored> =>
  Either.isRight(outcome) && !outcome.right.duplicate ? outcome.right.events : []
