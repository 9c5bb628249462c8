/** What a log promises of appends whose callers do not wait any longer. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import type { Committed, Refusal } from "../../Domain/Append.ts"
import type { Commit } from "../../Domain/Commit.ts"
import { eventId } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Interrupted appends. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("an append that is interrupted before it began has written nothing", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const fiber = yield* Effect.fork(Log.write(Log.part(stream, 3)))
      const exit = yield* Fiber.interrupt(fiber)
      yield* equal("interrupted", Exit.isInterrupted(exit), true)
      yield* Log.untouched(stream)
      yield* equal("the next append", (yield* Log.append(stream, 1)).events[0]?.version, 1)
    })
  ),

  Log.promise("an append that is interrupted while it runs has written everything or nothing", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      let expected = 0
      for (const turns of range(0, 30)) {
        const commit = yield* Log.commit(Log.part(stream, 70))
        const advance = { subscriber, from: expected, to: expected + 70 }
        const fiber = yield* Effect.fork(store.append({ ...commit, advance }))
        yield* Effect.repeatN(Effect.yieldNow(), turns)
        const exit = yield* Fiber.interrupt(fiber)
        // Whoever left early would find here what it has written meanwhile.
        yield* equal("a return or an interrupt", Exit.isSuccess(exit) || Exit.isInterrupted(exit), true)
        const found = (yield* store.readStream({ stream, after: expected })).length
        yield* equal("all or nothing", found === 0 || found === 70, true)
        if (Exit.isSuccess(exit)) yield* equal("a return means written", found, 70)
        expected += found
        yield* equal("the checkpoint", yield* store.checkpoint(subscriber), expected)
      }
    })
  ),

  Log.promise(
    "an append that is interrupted in the queue has written nothing, and the others everything",
    (store) =>
      Effect.gen(function* () {
        const streams = yield* Effect.forEach(range(1, 9), () => Log.freshStream())
        const interrupted = (index: number) => index % 3 === 1
        const appends = yield* Effect.forEach(streams, (stream, index) =>
          Effect.map(Log.commit(Log.part(stream, 2)), (commit) =>
            interrupted(index) ? leaving(store.append, commit) : Effect.exit(store.append(commit))
          )
        )
        const exits = yield* Effect.all(appends, { concurrency: "unbounded" })
        yield* Log.append(yield* Log.freshStream(), 1)
        for (const [index, exit] of exits.entries()) {
          const { length } = yield* store.readStream({ stream: streams[index] ?? "" })
          const left = Exit.isInterrupted(exit)
          yield* equal("only who was interrupted", left && !interrupted(index), false)
          yield* equal("what is written", length, left ? 0 : 2)
        }
      })
  ),

  Log.promise(
    "what builds on an append that was interrupted is written if that was, and else refused",
    (store) =>
      Effect.gen(function* () {
        for (const turns of range(0, 20)) {
          const stream = yield* Log.freshStream()
          const [first, second] = [
            yield* Log.commit(Log.part(stream, 1)),
            yield* Log.commit(Log.part(stream, 1))
          ]
          const third = yield* Log.commit(Log.part(stream, 1, Expected.exactly(2, eventId(second.id, 0))))
          const [, leaver, follower] = yield* Log.queue([first, second, third])
          yield* Effect.repeatN(Effect.yieldNow(), turns)
          if (leaver) yield* Fiber.interrupt(leaver)
          const followed = follower !== undefined && Exit.isSuccess(yield* Fiber.await(follower))
          const ids = (yield* store.readStream({ stream })).map(({ id }) => id)
          const written = [first, ...(followed ? [second, third] : [])].map(({ id }) => eventId(id, 0))
          yield* equal("the stream", ids, written)
        }
      })
  )
]

// internal

type Append = Context.Tag.Service<EventStore>["append"]

/** Appends a commit, and is interrupted as soon as its place is certain; a store without a queue writes it. */
const leaving = (append: Append, commit: Commit) =>
  Effect.withFiberRuntime<Committed, Refusal | StoreError>((self) =>
    append(commit, () => self.unsafeInterruptAsFork(FiberId.none))
  ).pipe(Effect.fork, Effect.flatMap(Fiber.await))
