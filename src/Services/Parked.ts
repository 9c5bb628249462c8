/** What reactions and subscribers have set aside, for operators: listed, tried again, discarded. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Note } from "../Domain/Note.ts"
import { nameOf as nameOfPlace } from "../Domain/Note.ts"
import type { Parked } from "../Domain/Parked.ts"
import * as ParkedNote from "../Domain/Parked.ts"
import * as Text from "../Domain/Text.ts"
import type { EventStore } from "./EventStore.ts"
import type { Leases } from "./Leases.ts"
import * as Limits from "./Limits.ts"
import * as Notes from "./Notes.ts"
import * as StoreError from "./StoreError.ts"
import type { Subscriptions } from "./Subscriptions.ts"
import type { Named } from "./Wish.ts"
import { look, step } from "./Wish.ts"

export type { Parked }

/** Which of the things that are set aside are meant; all conditions hold. Without any: all of them. */
export interface Selection {
  readonly position?: number
  /** A stream, or a process. */
  readonly sequence?: string
  readonly where?: (parked: Parked) => boolean
  /** At most so many, the oldest first. */
  readonly limit?: number
}

/** What a subscriber has set aside, in the order of the log. */
export const list = (
  subscriber: Named,
  selection: Selection = {}
): Effect.Effect<ReadonlyArray<Parked>, StoreError.StoreError, Notes.Notes> =>
  Effect.map(read(subscriber, selection), (all) => chosen(all.map(parkedOf), selection))

/** What was discarded, and why. */
export const discarded = (
  subscriber: Named
): Effect.Effect<ReadonlyArray<Parked>, StoreError.StoreError, Notes.Notes> =>
  Effect.map(read(subscriber, {}, ParkedNote.discardedKind), (all) => all.map(parkedOf))

/** What would be tried again: whatever is selected, and what came before it in the same sequence. */
export const preview = (
  subscriber: Named,
  selection: Selection = {}
): Effect.Effect<ReadonlyArray<Parked>, StoreError.StoreError, Notes.Notes> =>
  Effect.map(read(subscriber, selection), (found) => {
    const all = found.map(parkedOf)
    const last = lastOf(chosen(all, selection))
    return all.filter(({ position, sequence }) => position <= (last.get(sequence) ?? -1))
  })

/**
 * Has it tried again, in order; what fails once more stays, with what comes behind it. It is done by whoever runs the
 * subscriber: returns when it is, if that is here. Returns what was to be tried.
 */
export const retry = (
  subscriber: Named,
  selection: Selection = {}
): Effect.Effect<
  ReadonlyArray<Parked>,
  StoreError.StoreError,
  EventStore | Leases | Notes.Notes | Subscriptions
> =>
  Effect.gen(function* () {
    const tried = yield* preview(subscriber, selection)
    const requests = Array.from(lastOf(tried), ([sequence, position]) =>
      ParkedNote.toRetry(sequence, position)
    )
    const { commitEvents } = yield* Limits.Current
    for (const keep of Chunk.chunksOf(Chunk.fromIterable(requests), commitEvents)) {
      yield* step(subscriber, (from) => Effect.succeed({ from, to: from, keep: [...keep] }))
    }
    if (requests.length > 0) yield* look(subscriber)
    return tried
  })

/**
 * Nobody is going to deal with it any more. What waits behind it goes on waiting until it is tried again. Returns what
 * was discarded; it stays on record with the reason.
 */
export const discard = (
  subscriber: Named,
  selection: Selection,
  reason: string
): Effect.Effect<
  ReadonlyArray<Parked>,
  StoreError.StoreError,
  EventStore | Leases | Notes.Notes | Subscriptions
> =>
  Effect.gen(function* () {
    const wanted = new Set((yield* list(subscriber, selection)).map(nameOf))
    const gone: Array<Parked> = []
    while (wanted.size > 0) {
      const piece = yield* discardPiece(subscriber, wanted, reason)
      if (piece.length === 0) break
      gone.push(...piece)
      for (const parked of piece) wanted.delete(nameOf(parked))
    }
    if (gone.length > 0) yield* look(subscriber)
    return gone
  })

// internal

interface Found {
  readonly note: Note
  readonly parked: Parked
}

const parkedOf = ({ parked }: Found): Parked => parked

const read = (
  { name }: Named,
  { sequence }: Selection,
  kind = ParkedNote.kind
): Effect.Effect<ReadonlyArray<Found>, StoreError.StoreError, Notes.Notes> =>
  Effect.gen(function* () {
    const key = sequence === undefined ? {} : { key: sequence }
    const notes = yield* Notes.all(yield* Notes.Notes, { subscriber: name, kind, ...key })
    return yield* Effect.forEach(notes, (note) =>
      Either.mapBoth(ParkedNote.fromNote(note), {
        onLeft: (details) => StoreError.make("Corrupt", details),
        onRight: (parked) => ({ note, parked })
      })
    )
  })

const chosen = (
  all: ReadonlyArray<Parked>,
  { limit = Infinity, position, where = () => true }: Selection
): ReadonlyArray<Parked> =>
  all.filter((one) => (position === undefined || one.position === position) && where(one)).slice(0, limit)

const lastOf = (parked: ReadonlyArray<Parked>): ReadonlyMap<string, number> =>
  new Map(parked.map(({ position, sequence }) => [sequence, position]))

const nameOf = (parked: Parked): string => nameOfPlace(ParkedNote.place(parked))

/** Discards as many as one step may have, of those that are still there. */
const discardPiece = (subscriber: Named, wanted: ReadonlySet<string>, reason: string) =>
  Effect.gen(function* () {
    const { commitBytes, commitEvents } = yield* Limits.Current
    // Each of them is taken away and written elsewhere.
    const most = Math.max(1, Math.floor(commitEvents / 2))
    let piece: ReadonlyArray<Found> = []
    yield* step(subscriber, (from) =>
      Effect.map(read(subscriber, {}), (all) => {
        const there = all.filter(({ parked }) => wanted.has(nameOf(parked))).slice(0, most)
        const discarded = there.map(({ parked }) => ParkedNote.toDiscarded(parked, reason))
        const keep = fitting(discarded, commitBytes)
        piece = there.slice(0, keep.length)
        return { from, to: from, keep, drop: piece.map(({ note }) => note) }
      })
    )
    return piece.map(parkedOf)
  })

/** The first of them that have so many bytes together, and at least one. */
const fitting = (notes: ReadonlyArray<Note>, bytes: number): ReadonlyArray<Note> => {
  let left = bytes
  return notes.filter(({ value }, index) => (left -= Text.bytes(value)) >= 0 || index === 0)
}
