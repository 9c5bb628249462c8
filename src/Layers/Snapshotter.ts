/**
 * Keeps states in the background, and loads what was kept. A store of snapshots that fails, hangs, is full or may
 * not be written costs speed and a line in the log: no command fails because of it, and none waits for a write.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Snapshot } from "../Domain/Snapshot.ts"
import { Snapshots } from "../Services/Snapshots.ts"
import * as StoreError from "../Services/StoreError.ts"

/** Makes a snapshot of a committed state, or says why it cannot be kept. */
export type Take = () => Either.Either<Snapshot, string>

/** What the engine knows of snapshots: nothing that could fail. */
export class Snapshotter extends Context.Tag("everfold/Snapshotter")<
  Snapshotter,
  {
    /** What was kept of a stream under a key, if the store says so in time. */
    readonly load: (stream: string, key: string) => Effect.Effect<Option.Option<Snapshot>>
    /** Keeps a state some time later, unless another of its stream comes first, or too many of others. */
    readonly save: (stream: string, take: Take) => Effect.Effect<void>
    /**
     * Forgets what was kept of a stream: nobody here loads it from now on, and the store forgets it as soon as it can,
     * before it keeps what is saved later.
     */
    readonly discard: (stream: string) => Effect.Effect<void>
  }
>() {}

export const make = Effect.gen(function* () {
  const store = yield* Snapshots
  // A state that is not written costs speed. What is proved wrong must go: it is named here until it is gone.
  const saves = new Map<string, Take>()
  const discards = new Set<string>()
  const bell = yield* Effect.makeLatch()

  const write = Effect.gen(function* () {
    const takes = [...saves]
    saves.clear()
    bell.unsafeClose()
    const [failures] = yield* Effect.partition([...discards], (stream) =>
      Effect.map(store.discard(stream), () => discards.delete(stream))
    )
    const [refused, snapshots] = Arr.separate(
      takes.flatMap(([stream, take]) => (discards.has(stream) ? [] : [take()]))
    )
    if (snapshots.length > 0) yield* store.save(snapshots)
    if (failures[0] !== undefined) yield* failures[0]
    if (refused[0] !== undefined) yield* StoreError.make("Invalid", refused[0])
  })
  const rung = Effect.suspend(() =>
    discards.size === 0 ? bell.await : Effect.asVoid(Effect.timeoutOption(bell.await, rest))
  )
  const writing = forgiving("snapshots cannot be written; streams are read from further and further back")
  // What cannot be interrupted is left behind.
  const written = Effect.timeoutFail(Effect.disconnect(write), { duration: "10 seconds", onTimeout: late })
  yield* Effect.forkScoped(Effect.forever(Effect.zipRight(rung, writing(written))))

  const reading = forgiving("snapshots cannot be loaded; streams are read from their beginning")
  let resting = 0
  const load = (stream: string, key: string) =>
    Effect.gen(function* () {
      const asked = yield* Clock.currentTimeMillis
      if (asked < resting || discards.has(stream)) return Option.none()
      const found = yield* reading(soon(store.load(stream, key)))
      const answered = yield* Clock.currentTimeMillis
      // A store that keeps its callers waiting is left alone for a while.
      if (answered - asked >= longestLoad) resting = answered + rest
      return Option.flatten(found)
    })

  return Snapshotter.of({
    load,
    save: (stream, take) =>
      Effect.suspend(() => {
        saves.delete(stream)
        saves.set(stream, take)
        const [oldest] = saves.keys()
        if (saves.size > capacity && oldest !== undefined) saves.delete(oldest)
        return bell.open
      }),
    discard: (stream) =>
      Effect.suspend(() => {
        saves.delete(stream)
        discards.add(stream)
        return bell.open
      })
  })
})

/** One writer in the background for everybody. What it has not written when the scope closes is not written. */
export const layer: Layer.Layer<Snapshotter, never, Snapshots> = Layer.scoped(Snapshotter, make)

// internal

/** How many states may wait to be written. */
const capacity = 256

/** In milliseconds. */
const longestLoad = 250
const rest = 10_000

const late = () => StoreError.make("Unavailable", "no answer in time")

/** Waits a little for an answer. Most come at once, and those need no clock. */
const soon = <A>(effect: Effect.Effect<A, StoreError.StoreError>): Effect.Effect<A, StoreError.StoreError> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* Effect.yieldNow()
    const answer = yield* Fiber.poll(fiber)
    if (Option.isSome(answer)) return yield* answer.value
    const answered = Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interrupt(fiber))
    return yield* Effect.timeoutFail(answered, { duration: longestLoad, onTimeout: late })
  })

/** Turns a failure into nothing; the first one is told, and no other until there was a success. */
const forgiving = (complaint: string) => {
  let failing = false
  return <A>(effect: Effect.Effect<A, StoreError.StoreError>): Effect.Effect<Option.Option<A>> =>
    Effect.matchCauseEffect(effect, {
      onSuccess: (value) => {
        failing = false
        return Effect.succeedSome(value)
      },
      onFailure: (cause) => {
        const told = failing
        failing = true
        return Effect.as(told ? Effect.void : Effect.logWarning(complaint, cause), Option.none())
      }
    })
}
