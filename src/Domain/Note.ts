/**
 * What a subscriber keeps in the log's database besides its checkpoint: events that it has set aside, the state of
 * a process, commands on their way, timers. Written in the transaction of the checkpoint, so that neither is ever
 * ahead of the other.
 */

/** Where a note stands. */
export interface Place {
  /** What sort of note it is. */
  readonly kind: string
  /** What it belongs to: a stream, a process. */
  readonly key: string
  /** Notes are read in this order: by a position, or a time. */
  readonly order: number
}

/** A note. */
export interface Note extends Place {
  /** JSON text. */
  readonly value: string
}

/** The place as text: the same for the same place only. */
export const nameOf = ({ key, kind, order }: Place): string => JSON.stringify([kind, key, order])

/** The note of which log a subscriber with effects has acted on. */
export const ofLog = (log: string): Note => ({ kind: ofLogKind, key: "", order: 0, value: log })

/** What sort of note that is. */
export const ofLogKind = "log"

/** The note by which an operator asks for the rows of a stream to be built again. */
export const ofStream = (stream: string): Note => ({ kind: ofStreamKind, key: stream, order: 0, value: "" })

/** What sort of note that is. */
export const ofStreamKind = "stream"
