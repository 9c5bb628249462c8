/** The steps of subscribers: which of them may be taken, given what the log holds, and what they leave behind. */
import type { Advance, Checkpoint } from "./Commit.ts"
import type { Place } from "./Note.ts"
import * as Note from "./Note.ts"

/** What the log holds of the things that some steps name. */
export interface Facts {
  readonly checkpoints: ReadonlyMap<string, Checkpoint>
  /** The names of notes that are there, of those that are to be taken away. */
  readonly notes: Pick<ReadonlySet<string>, "has">
}

/** A step that is taken, and the epoch that it leaves behind. */
export type Step = Required<Advance>

/** The name of a subscriber's note among those of all. */
export const noteOf = (subscriber: string, place: Place): string => `${subscriber} ${Note.nameOf(place)}`

/** Steps one after the other, each on what those before it have left. */
export const of = (facts: Facts) => {
  const checkpoints = new Map<string, Checkpoint>()
  const notes = new Map<string, boolean>()
  const taken: Array<Step> = []

  const reached = (subscriber: string) =>
    checkpoints.get(subscriber) ?? facts.checkpoints.get(subscriber) ?? nowhere
  const isThere = (note: string) => notes.get(note) ?? facts.notes.has(note)

  const isDue = ({ drop = [], epoch = Infinity, from, subscriber }: Advance): boolean =>
    reached(subscriber).position === from &&
    reached(subscriber).epoch <= epoch &&
    drop.every((place) => isThere(noteOf(subscriber, place)))

  const take = (advance: Advance): void => {
    const { drop = [], epoch = reached(advance.subscriber).epoch, keep = [], subscriber, to } = advance
    for (const place of drop) notes.set(noteOf(subscriber, place), false)
    for (const note of keep) notes.set(noteOf(subscriber, note), true)
    checkpoints.set(subscriber, { position: to, epoch })
    taken.push({ ...advance, drop, epoch, keep })
  }

  return { isDue, reached, take, taken }
}

// internal

const nowhere: Checkpoint = { position: 0, epoch: 0 }
