/** Commands decided on the newest states of their aggregates: what to append, and where. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Circumstances from "../Domain/Circumstances.ts"
import type { Part } from "../Domain/Commit.ts"
import type { Metadata, Stored } from "../Domain/Event.ts"
import * as Expected from "../Domain/Expected.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { Receipt } from "../Services/CommandHandler.ts"
import type { EventStore } from "../Services/EventStore.ts"
import { defaultLimit } from "../Services/EventStore.ts"
import { Ids } from "../Services/Ids.ts"
import * as StoreError from "../Services/StoreError.ts"

/** What a decision rests on: the state, and the stream's last event. */
export interface Loaded<A extends Aggregate.Any> {
  readonly state: Aggregate.State<A>
  readonly version: number
  readonly position: number
}

/** Folds the stream of an aggregate, page by page. */
export const load = <A extends Aggregate.Any>(
  store: Context.Tag.Service<typeof EventStore>,
  aggregate: A,
  stream: string
): Effect.Effect<Loaded<A>, StoreError.StoreError> =>
  Effect.gen(function* () {
    const { codec } = Aggregate.typed(aggregate)
    let { position, state, version }: Loaded<A> = { state: aggregate.initial, version: 0, position: 0 }
    while (true) {
      const page = yield* store.readStream({ stream, after: version })
      for (const stored of page) {
        const { event } = yield* StoreError.decoded(codec, stored)
        state = Aggregate.replay(aggregate, [event], state)
        version = stored.version
        position = stored.position
      }
      if (page.length < defaultLimit) return { state, version, position }
    }
  })

/** What a command leads to: the events, and the part of a commit that appends them. */
export interface Decided<A extends Aggregate.Any> {
  readonly events: ReadonlyArray<Aggregate.Event<A>>
  readonly part: Part
}

/** Decides a command on a loaded state. */
export const decide = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
  aggregate: A,
  command: C,
  { state, version }: Loaded<A>,
  circumstances: Circumstances.Circumstances
): Effect.Effect<Decided<A>, Aggregate.RejectionOf<A, C> | StoreError.StoreError, Ids> =>
  Effect.gen(function* () {
    const events = yield* Aggregate.decide(aggregate, state, command, circumstances)
    const encoded = yield* Effect.forEach(events, (event) => encode(aggregate, command, event))
    const stream = Aggregate.streamOf(aggregate, command)
    return { events, part: { stream, expected: Expected.exactly(version), events: encoded } }
  })

/**
 * Decides several commands in their order, each on what those before it have decided, as the parts of one
 * commit: all of it happens, or nothing. `now` is the time that they decide by.
 */
export const decideAll = (
  store: Context.Tag.Service<typeof EventStore>,
  routes: ReadonlyMap<string, Aggregate.Any>,
  commands: ReadonlyArray<Tagged>,
  commandId: string,
  now: number
): Effect.Effect<ReadonlyArray<Part>, unknown, Ids> =>
  Effect.gen(function* () {
    const parts = new Map<string, Part>()
    const states = new Map<string, Loaded<Aggregate.Any>>()
    for (const [index, command] of commands.entries()) {
      const aggregate = yield* Effect.fromNullable(routes.get(command._tag))
      const stream = Aggregate.streamOf(aggregate, command)
      const loaded = states.get(stream) ?? (yield* load(store, aggregate, stream))
      const circumstances = Circumstances.ofCommand(`${commandId}.${index}`, now)
      const { events, part } = yield* decide(aggregate, command, loaded, circumstances)
      states.set(stream, { ...loaded, state: Aggregate.replay(aggregate, events, loaded.state) })
      parts.set(stream, { ...part, events: [...(parts.get(stream)?.events ?? []), ...part.events] })
    }
    return [...parts.values()]
  })

/** The receipt of a commit, or of a decision that found nothing to do. */
export const receipt = <A extends Aggregate.Any>(
  aggregate: A,
  stream: string,
  loaded: Loaded<A>,
  committed: ReadonlyArray<Stored>
): Effect.Effect<Receipt<Aggregate.Event<A>>, StoreError.StoreError> => {
  const { codec } = Aggregate.typed(aggregate)
  const last = committed.at(-1)
  const { position, version } = last ?? loaded
  return Effect.map(
    Effect.forEach(committed, (stored) => StoreError.decoded(codec, stored)),
    (events) => ({ stream, version, position, events })
  )
}

/** The metadata of a command: its own id, and the request that it belongs to. */
export const metadata = (current: Metadata, commandId: string): Metadata => ({
  correlationId: commandId,
  ...current,
  commandId
})

// internal

const encode = <A extends Aggregate.Any>(aggregate: A, command: Tagged, event: Aggregate.Event<A>) =>
  Effect.flatMap(Ids, (ids) =>
    Effect.flatMap(ids.next, (id) =>
      Effect.mapError(Aggregate.typed(aggregate).codec.encode(id, event), (error) =>
        StoreError.make("Invalid", `${command._tag} decided an event that cannot be stored: ${error.message}`)
      )
    )
  )
