/** Reads notes from a log in memory; they are written with its commits. */
import * as Effect from "effect/Effect"
import * as Text from "../../Domain/Text.ts"
import type { Query } from "../../Services/Notes.ts"
import { limitOf, Notes } from "../../Services/Notes.ts"
import type { Kept, MemoryLog } from "./MemoryLog.ts"

export const make = ({ notes }: MemoryLog) =>
  Notes.of({
    find: (query) =>
      Effect.sync(() =>
        [...notes.values()]
          .filter(matches(query))
          .sort(compare)
          .slice(0, limitOf(query))
          .map(({ key, kind, order, value }) => ({ kind, key, order, value }))
      ),
    counts: (kind) =>
      Effect.sync(() => {
        const counts = new Map<string, number>()
        for (const note of notes.values()) {
          if (note.kind === kind) counts.set(note.subscriber, (counts.get(note.subscriber) ?? 0) + 1)
        }
        return counts
      })
  })

// internal

const compare = (one: Pick<Kept, "key" | "order">, other: Pick<Kept, "key" | "order">): number =>
  one.order - other.order || Text.compare(one.key, other.key)

const matches =
  ({ after, key, kind, subscriber, upTo = Infinity }: Query) =>
  (note: Kept): boolean =>
    note.subscriber === subscriber &&
    note.kind === kind &&
    (key === undefined || note.key === key) &&
    (after === undefined || compare(note, after) > 0) &&
    note.order <= upTo
