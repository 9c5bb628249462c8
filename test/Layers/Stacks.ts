/** What tests of the engine stand on: the stacks, faults that are Layers, and a clock that hurries. */
import type { Commit, Engine, Event, Message } from "everfold"
import {
  Doorbell,
  EventStore,
  Expected,
  Ids,
  LogCommandHandler,
  LogTail,
  MemoryStack,
  MessageBus,
  StoreError,
  Subscriber,
  Subscriptions
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Chunk from "effect/Chunk"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Account } from "../Bank.ts"

/** A folder that is gone afterwards. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "everfold-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** The stack on the files of a folder. `NORMAL`: what a power cut would do is not tested here. */
export const sqliteIn = (directory: string) => SqliteStack.layer({ directory, durability: "NORMAL" })

/** Every stack on empty stores. */
export const stacks: ReadonlyArray<{
  readonly name: string
  readonly layer: Layer.Layer<Engine.Stack, StoreError.StoreError>
}> = [
  { name: "memory", layer: MemoryStack.layer },
  { name: "SQLite", layer: Layer.unwrapScoped(Effect.map(folder, sqliteIn)) }
]

/** A port whose implementation is changed on its way: where a fault is put in. */
export const wrapped = <I, S>(tag: Context.Tag<I, S>, change: (service: S) => S): Layer.Layer<I, never, I> =>
  Layer.effect(tag, Effect.map(tag, change))

type Log = Context.Tag.Service<typeof EventStore.EventStore>

/** Commands on the log of a stack as it is seen through `change`; nothing is kept of earlier commands. */
export const commandsOn = (change: (store: Log) => Log) =>
  Layer.fresh(LogCommandHandler.layer).pipe(Layer.provide(wrapped(EventStore.EventStore, change)))

/** Commands on a log that counts what it is asked. */
export const counting = () => {
  const counts = { appends: 0, reads: 0 }
  const layer = commandsOn((store) => ({
    ...store,
    append: (commit, queued) => {
      counts.appends += 1
      return store.append(commit, queued)
    },
    readPast: (query) => {
      counts.reads += 1
      return store.readPast(query)
    }
  }))
  return { counts, layer }
}

/** Commands on a log that gives each commit its place at once, but begins to write when `gate` is opened. */
export const held = (
  gate: Effect.Latch,
  before: (commit: Commit.Commit) => Effect.Effect<void, StoreError.StoreError> = () => Effect.void
) =>
  commandsOn((store) => ({
    ...store,
    append: (commit, queued = () => undefined) =>
      Effect.uninterruptible(
        Effect.sync(queued).pipe(
          Effect.zipRight(gate.await),
          Effect.zipRight(before(commit)),
          Effect.zipRight(store.append(commit))
        )
      )
  }))

/** Commands on a log whose first answers are lost, after it has written; then it answers as `then` says. */
export const losing = (times: number, then: Effect.Effect<void, StoreError.StoreError> = Effect.void) => {
  const counts = { appends: 0 }
  const layer = commandsOn((store) => ({
    ...store,
    append: (commit, queued) => {
      const append = store.append(commit, queued)
      return counts.appends++ < times
        ? Effect.zipRight(Effect.exit(append), Effect.fail(lost))
        : Effect.zipRight(then, append)
    }
  }))
  return { counts, layer }
}

const lost = StoreError.make("OutcomeUnknown", "the answer was lost")

/** Lets every fiber go as far as it can, also when the event loop has to turn for it. */
export const settle = Effect.repeatN(Effect.yieldNow(), 50).pipe(
  Effect.zipRight(Effect.async<void>((resume) => void setImmediate(() => resume(Effect.void)))),
  Effect.repeatN(3)
)

/** A doorbell that never rings. */
export const broken = Layer.succeed(Doorbell.Doorbell, { ring: () => undefined, rung: () => Effect.never })

/** A doorbell that never stops ringing. */
export const restless = Layer.succeed(Doorbell.Doorbell, {
  ring: () => undefined,
  rung: () => Effect.as(Effect.yieldNow(), undefined)
})

/** A bus of one's own on a stack. */
export const bus = (options: LogTail.Options, doorbell: Layer.Layer<Doorbell.Doorbell>) =>
  LogTail.layer(options).pipe(Layer.provide(doorbell))

/** Lets the time of the test pass as fast as somebody waits for it, until the scope closes. */
export const hurry = TestClock.adjust("250 millis").pipe(
  Effect.zipRight(Effect.yieldNow()),
  Effect.forever,
  Effect.forkScoped
)

/** Keeps the lines of a program that are logged as errors. */
export const errors = () => logged("ERROR")

/** Keeps the lines of a program that are logged as warnings. */
export const warnings = () => logged("WARN")

const logged = (level: string) => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel.label === level) lines.push(Array.isArray(message) ? message.join(" ") : String(message))
  })
  return { lines, layer: Logger.replace(Logger.defaultLogger, logger) }
}

/** What a subscriber is doing. */
export const stateOf = (name: string) =>
  Effect.map(Subscriptions.status, (all) => all.find((one) => one.name === name))

/** The whole log. */
export const log = Effect.flatMap(EventStore.EventStore, (store) => store.readAll({ limit: 10_000 })).pipe(
  Effect.map(({ events }) => events)
)

/** Hands on what a listener hears, one event at a time; returns when it listens. */
export const listening = <const L extends Message.List>(events: L) =>
  Effect.gen(function* () {
    const bus = yield* MessageBus.MessageBus
    const ready = yield* Deferred.make<void>()
    const heard = yield* Queue.bounded<Event.Recorded<Message.TypeOf<L>>>(10_000)
    const fiber = yield* MessageBus.listen(events).pipe(
      Stream.runForEach((recorded) => Queue.offer(heard, recorded)),
      Effect.provideService(MessageBus.MessageBus, {
        subscribe: Effect.tap(bus.subscribe, () => Deferred.succeed(ready, undefined))
      }),
      Effect.forkScoped
    )
    yield* Deferred.await(ready)
    return { heard, fiber }
  })

/** Writes events to a stream, whatever is there, as one commit and so as one page. */
export const write = (
  stream: string,
  events: ReadonlyArray<Pick<Event.Encoded, "type" | "payload"> & Partial<Event.Encoded>>,
  metadata: Event.Metadata = {}
) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const encoded = events.map((event) => ({ revision: 1, ...event }))
    const parts = [{ stream, expected: Expected.any, events: encoded }]
    return yield* store.append({ id: yield* Ids.next, metadata, parts })
  })

/** Writes deposits of these amounts to alice's account, as one commit and so as one page; 500 at most. */
export const deposits = (...amounts: ReadonlyArray<unknown>) =>
  write(
    "Account-alice",
    amounts.map((amount) => ({ type: "Deposited", payload: JSON.stringify({ accountId: "alice", amount }) })),
    { correlationId: "request" }
  )

/** Writes so many deposits of 1 to alice's account, in as few commits as it takes. */
export const manyDeposits = (count: number) =>
  Effect.forEach(
    Chunk.chunksOf(
      Chunk.makeBy(count, () => 1),
      500
    ),
    (amounts) => deposits(...amounts),
    { discard: true }
  )

/** A subscriber that keeps the positions that it has handled. */
export const recorder = (name = "recorder") => {
  const seen: Array<number> = []
  const keep = (_: unknown, { position }: Event.Envelope) => Effect.sync(() => seen.push(position))
  const subscriber = Subscriber.make(name, { events: Account.events }).on({
    Deposited: keep,
    Withdrawn: keep
  })
  return { seen, subscriber, layer: Subscriber.layer(subscriber) }
}
