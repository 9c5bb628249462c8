/** Whether a log is what appends have written: each event, held against the one before it. */
import type { Stored } from "./Event.ts"

/** An event as a store holds it, whatever is wrong with it. */
export interface Found {
  readonly stored: Stored
  /** Where the event of the same stream with the version before is; `undefined` when there is none. */
  readonly previous: number | undefined
  /** What the store itself finds wrong with it, such as a checksum that does not fit. */
  readonly damage: string | undefined
}

/**
 * What is wrong with an event that comes after `before`, the one before it in the log; `undefined` when nothing
 * is. When nothing is wrong with any event before, and no two have one id or one version, streams are whole too.
 */
export const problem = (before: Stored | undefined, found: Found): string | undefined =>
  misplaced(before, found) ?? found.damage ?? outOfTurn(found) ?? early(before, found) ?? torn(before, found)

// internal

const misplaced = (before: Stored | undefined, { stored }: Found) => {
  const expected = (before?.position ?? 0) + 1
  return stored.position === expected ? undefined : `it stands where position ${expected} is expected`
}

const outOfTurn = ({ previous, stored: { position, version } }: Found) => {
  const follows = previous !== undefined && previous < position
  if (version === 1 ? !follows : version > 1 && follows) return undefined
  return version > 1
    ? `no version ${version - 1} of its stream comes before it`
    : "its stream begins elsewhere"
}

const early = (before: Stored | undefined, { stored }: Found) =>
  before === undefined || before.recordedAt <= stored.recordedAt
    ? undefined
    : `it was recorded ${before.recordedAt - stored.recordedAt} ms before the event that it follows`

/** The events of a commit are numbered from 0 and stand together. */
const torn = (before: Stored | undefined, { stored }: Found) => {
  const [, commit = "", number = ""] = /^(.+)#(0|[1-9][0-9]*)$/s.exec(stored.id) ?? []
  if (commit === "") return `its id "${stored.id}" is not that of a commit and a number`
  return number === "0" || before?.id === `${commit}#${Number(number) - 1}`
    ? undefined
    : `it is number ${number} of its commit, and number ${Number(number) - 1} is not before it`
}
