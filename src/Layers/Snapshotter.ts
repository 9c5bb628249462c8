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
    /** Forgets what was kept of a stream, some time later, but before what is saved from now on. */
    readonly discard: (stream: string) => Effect.Effect<void>
  }
>() {}

export const make = Effect.gen(function* () {
  const store = yield* Snapshots
  const pending = new Map<string, Work>()
  const bell = yield* Effect.makeLatch()
  const put = (stream: string, work: Work) => {
    pending.delete(stream)
    pending.set(stream, work)
    const [oldest] = pending.keys()
    if (pending.size > capacity && oldest !== undefined) pending.delete(oldest)
    return bell.open
  }

  const write = Effect.gen(function* () {
    const works = [...pending]
    pending.clear()
    bell.unsafeClose()
    for (const [stream, { discard }] of works) if (discard) yield* store.discard(stream)
    const [refused, snapshots] = Arr.separate(works.flatMap(([, { take }]) => (take ? [take()] : [])))
    if (snapshots.length > 0) yield* store.save(snapshots)
    if (refused[0] !== undefined) yield* StoreError.make("Invalid", refused[0])
  })
  const writing = forgiving("snapshots cannot be written; streams are read from further and further back")
  // What cannot be interrupted is left behind.
  const written = Effect.timeoutFail(Effect.disconnect(write), { duration: "10 seconds", onTimeout: late })
  yield* Effect.forkScoped(Effect.forever(Effect.zipRight(bell.await, writing(written))))

  const reading = forgiving("snapshots cannot be loaded; streams are read from their beginning")
  let resting = 0
  const load = (stream: string, key: string) =>
    Effect.gen(function* () {
      const asked = yield* Clock.currentTimeMillis
      if (asked < resting) return Option.none()
      const found = yield* reading(soon(store.load(stream, key)))
      const answered = yield* Clock.currentTimeMillis
      // A store that keeps its callers waiting is left alone for a while.
      if (answered - asked >= longestLoad) resting = answered + rest
      return Option.flatten(found)
    })

  return Snapshotter.of({
    load,
    save: (stream, take) =>
      Effect.suspend(() => put(stream, { discard: pending.get(stream)?.discard === true, take })),
    discard: (stream) => Effect.suspend(() => put(stream, { discard: true, take: undefined }))
  })
})

/** One writer in the background for everybody. What it has not written when the scope closes is not written. */
export const layer: Layer.Layer<Snapshotter, never, Snapshots> = Layer.scoped(Snapshotter, make)

// internal

/** What is to be done for a stream, in this order. */
interface Work {
  readonly discard: boolean
  readonly take: Take | undefined
}

/** How many streams may wait to be written. */
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
