/** The state of an aggregate, folded from its stream: from what is known of it already, a snapshot, or its first event. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Snapshot from "../Domain/Snapshot.ts"
import * as Decoding from "../Services/Decoding.ts"
import type { StreamQuery } from "../Services/EventStore.ts"
import { defaultLimit, EventStore } from "../Services/EventStore.ts"
import * as StoreError from "../Services/StoreError.ts"
import { Snapshotter } from "./Snapshotter.ts"

/** A state, and the event that it ends with. */
export interface Loaded<A extends Aggregate.Any> {
  readonly state: Aggregate.State<A>
  readonly version: number
  /** The id of the event of that version; absent before the first. */
  readonly last?: string | undefined
}

/** Where states come from. */
export interface Sources {
  readonly store: Context.Tag.Service<typeof EventStore>
  readonly snapshotter: Context.Tag.Service<typeof Snapshotter>
}

/** The log and the snapshots of the surroundings. */
export const sources: Effect.Effect<Sources, never, EventStore | Snapshotter> = Effect.all({
  store: EventStore,
  snapshotter: Snapshotter
})

/** Folds the newest state; reads only what is new if the stream still has what `from` rests on. */
export const load = <A extends Aggregate.Any>(
  sources: Sources,
  aggregate: A,
  stream: string,
  from?: Loaded<A>
): Effect.Effect<Loaded<A>, StoreError.StoreError> => {
  const { snapshot: codec } = Aggregate.typed(aggregate)
  const query = { stream }
  const anew =
    codec === undefined ? fold(sources, aggregate, query) : loadKept(sources, aggregate, stream, codec)
  return from === undefined || from.version === 0 ? anew : fold(sources, aggregate, query, from, anew)
}

/** Lets a state that is committed be kept, if its stream has grown enough since a version. */
export const keep = <A extends Aggregate.Any>(
  { snapshotter }: Sources,
  aggregate: A,
  stream: string,
  since: number,
  { last, state, version }: Loaded<A>
): Effect.Effect<void> => {
  const { snapshot: codec } = Aggregate.typed(aggregate)
  if (codec === undefined || last === undefined || !Snapshot.isDue(codec, since, version)) return Effect.void
  return snapshotter.save(stream, () =>
    Either.mapBoth(codec.encode(state), {
      onLeft: (why) => `the state of ${stream} at version ${version} cannot be kept: ${why}`,
      onRight: (text) => ({ stream, key: codec.key, version, last, state: text })
    })
  )
}

// internal

/** Goes on from `from`; does `otherwise` when the stream has another event in the place of its last, or none. */
const fold = <A extends Aggregate.Any>(
  { store }: Sources,
  aggregate: A,
  query: Pick<StreamQuery, "stream" | "version">,
  from: Loaded<A> = { state: aggregate.initial, version: 0 },
  otherwise?: Effect.Effect<Loaded<A>, StoreError.StoreError>
): Effect.Effect<Loaded<A>, StoreError.StoreError> => {
  const { codec } = Aggregate.typed(aggregate)
  const onward = (
    { last, state, version }: Loaded<A>,
    after: number
  ): Effect.Effect<Loaded<A>, StoreError.StoreError> =>
    Effect.flatMap(store.readPast({ ...query, after }), (page) => {
      if (otherwise !== undefined && after < version && page[0]?.id !== last) return otherwise
      const news = page[0]?.version === version ? page.slice(1) : page
      const events = Decoding.payloads(codec, news)
      if (Either.isLeft(events)) return Effect.fail(events.left)
      const newest = news.at(-1) ?? { id: last, version }
      const loaded = {
        state: Aggregate.replay(aggregate, events.right, state),
        version: newest.version,
        last: newest.id
      }
      return page.length < defaultLimit ? Effect.succeed(loaded) : onward(loaded, loaded.version)
    })
  // The event that `from` ends with is read again, to see whether it is the one.
  return Effect.suspend(() => onward(from, Math.max(0, from.version - 1)))
}

/** Folds what came after the snapshot of a stream, or all of it when there is none that fits. */
const loadKept = <A extends Aggregate.Any>(
  sources: Sources,
  aggregate: A,
  stream: string,
  codec: Snapshot.Codec<Aggregate.State<A>>
): Effect.Effect<Loaded<A>, StoreError.StoreError> =>
  Effect.gen(function* () {
    const whole = Effect.tap(fold(sources, aggregate, { stream }), (loaded) =>
      keep(sources, aggregate, stream, 0, loaded)
    )
    const kept = yield* restore(sources, stream, codec)
    if (kept === undefined) return yield* whole
    const foreign = discard(sources, stream, "is not of this history")
    const loaded = yield* fold(sources, aggregate, { stream }, kept, Effect.zipRight(foreign, whole))
    const sampled = (yield* Random.next) < codec.sample
    const checked = sampled ? yield* check(sources, aggregate, stream, codec, loaded) : loaded
    yield* keep(sources, aggregate, stream, kept.version, checked)
    return checked
  })

const restore = <State>({ snapshotter }: Sources, stream: string, codec: Snapshot.Codec<State>) =>
  Effect.gen(function* () {
    const found = yield* snapshotter.load(stream, codec.key)
    if (Option.isNone(found)) return undefined
    const { last, state, version } = found.value
    const decoded = codec.decode(state)
    if (Either.isRight(decoded)) return { state: decoded.right, version, last }
    yield* discard({ snapshotter }, stream, `does not decode (${decoded.left})`)
    return undefined
  })

/** Folds the whole stream as well. If that is another state, it is the state, and somebody has to know. */
const check = <A extends Aggregate.Any>(
  sources: Sources,
  aggregate: A,
  stream: string,
  codec: Snapshot.Codec<Aggregate.State<A>>,
  loaded: Loaded<A>
) =>
  Effect.gen(function* () {
    const { version } = loaded
    const whole = yield* Effect.catchAll(fold(sources, aggregate, { stream, version }), (error) =>
      Effect.as(Effect.logWarning(`the snapshot of ${stream} was not checked: ${error.message}`), loaded)
    )
    if (Snapshot.same(codec, loaded.state, whole.state)) return loaded
    yield* Effect.logError(
      `${aggregate.name}: the state of ${stream} at version ${version} is another one without its snapshot, which is discarded. The folds were changed: raise its snapshot version, which is ${codec.version}`
    )
    yield* sources.snapshotter.discard(stream)
    yield* keep(sources, aggregate, stream, 0, whole)
    return whole
  })

const discard = ({ snapshotter }: Pick<Sources, "snapshotter">, stream: string, why: string) =>
  Effect.zipRight(
    Effect.logWarning(`the snapshot of ${stream} ${why}; it is discarded, and the whole stream is read`),
    snapshotter.discard(stream)
  )
