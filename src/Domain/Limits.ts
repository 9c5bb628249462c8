/** How large things may be, and how many may wait. What is beyond a limit is refused, never cut. */

/** Bytes are those of UTF-8. */
export interface Limits {
  /** The payload of one event; default 256 KiB. */
  readonly eventBytes: number
  /** The metadata of a commit; default 16 KiB. */
  readonly metadataBytes: number
  /** The events of one commit; default 500. */
  readonly commitEvents: number
  /** The payloads of one commit; default 4 MiB. */
  readonly commitBytes: number
  /** Commits that wait for the writer; default 4,096. Beyond it an append is `Overloaded`. */
  readonly waitingCommits: number
  /** The payloads of the commits that wait; default 64 MiB. */
  readonly waitingBytes: number
  /** Commands that wait for one stream; default 1,000. Beyond it a command is `Overloaded`. */
  readonly waitingCommands: number
  /** Streams whose state is kept for their next command; default 10,000. */
  readonly states: number
  /** Events that a subscriber is given at once when it catches up, and that a projection writes together; default 500. */
  readonly pageEvents: number
}

export const defaults: Limits = {
  eventBytes: 256 * 1024,
  metadataBytes: 16 * 1024,
  commitEvents: 500,
  commitBytes: 4 * 1024 * 1024,
  waitingCommits: 4096,
  waitingBytes: 64 * 1024 * 1024,
  waitingCommands: 1000,
  states: 10_000,
  pageEvents: 500
}
