/** What the cases of notes have in common. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Advance, Commit } from "../../Domain/Commit.ts"
import type { Note, Place } from "../../Domain/Note.ts"
import { EventStore } from "../../Services/EventStore.ts"
import type { Query } from "../../Services/Notes.ts"
import { Notes } from "../../Services/Notes.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Contract from "./Contract.ts"

/** A promise of steps and notes, tried on a log. */
export const promise = (
  name: string,
  run: (
    store: Context.Tag.Service<typeof EventStore>,
    notes: Context.Tag.Service<typeof Notes>
  ) => Effect.Effect<void, unknown, EventStore | Notes>
): Contract.Case<EventStore | Notes> =>
  Contract.promise(
    name,
    Effect.flatMap(Effect.all([EventStore, Notes]), ([store, notes]) => run(store, notes))
  )

/** The kind of all notes that have no other. */
export const kind = "parked"

/** The place of a note. */
export const place = (order: number, key = "A-1"): Place => ({ kind, key, order })

/** A note with a value to tell it by. */
export const note = (order: number, value = "{}", key?: string): Note => ({ ...place(order, key), value })

/** Notes of these orders. */
export const ofOrders = (...orders: ReadonlyArray<number>): ReadonlyArray<Note> =>
  orders.map((order) => note(order))

/** A step of a subscriber who stays at 0 unless it says otherwise. */
export const step = (subscriber: string, change: Partial<Advance> = {}): Advance => ({
  subscriber,
  from: 0,
  to: 0,
  ...change
})

/** A step that is taken for itself. */
export const alone = (subscriber: string, change: Partial<Advance> = {}): Commit => ({
  id: "",
  metadata: {},
  parts: [],
  advance: step(subscriber, change)
})

/** Takes a step for itself. */
export const take = (subscriber: string, change: Partial<Advance> = {}) =>
  Effect.flatMap(EventStore, (store) => store.append(alone(subscriber, change)))

/** The notes of a subscriber, all of one kind unless the query says otherwise. */
export const find = (
  subscriber: string,
  query: Partial<Query> = {}
): Effect.Effect<ReadonlyArray<Note>, StoreError, Notes> =>
  Effect.flatMap(Notes, (notes) => notes.find({ subscriber, kind, ...query }))

/** What a subscriber has: its checkpoint and its notes. */
export const home = (subscriber: string) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    return { position: yield* store.checkpoint(subscriber), notes: yield* find(subscriber) }
  })

/** Fails unless a subscriber is there, with these notes and no other. */
export const isAt = (subscriber: string, position: number, notes: ReadonlyArray<Note>) =>
  Effect.flatMap(home(subscriber), (found) =>
    Contract.equal("what the subscriber has", found, { position, notes })
  )

/** Fails unless a step is refused because somebody else was here. */
export const refuses = (what: string, subscriber: string, change: Partial<Advance>) =>
  Contract.refuses(what, take(subscriber, change), {
    _tag: "CheckpointMoved",
    subscriber,
    expected: change.from ?? 0
  })
