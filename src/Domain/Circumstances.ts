/** What a decision may know besides command and state, so that `decide` stays a plain function. */

/** Equal when the same command is decided again. */
export interface Circumstances {
  /** When the command came, or when what a reaction answers was recorded; milliseconds since 1970. */
  readonly now: number
  /** The n-th new id of this command, derived from the command's own id. */
  readonly id: (n: number) => string
}

/** The circumstances of a test: `id-0`, `id-1` and so on, at the beginning of 1970. */
export const fixed: Circumstances = { now: 0, id: (n) => `id-${n}` }

/** The circumstances of a command. */
export const ofCommand = (commandId: string, now: number): Circumstances => ({
  now,
  id: (n) => `${commandId}.${n}`
})
