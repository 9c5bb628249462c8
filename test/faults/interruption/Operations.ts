/** Every public operation of the write side, each as something that can be begun, interrupted and begun again. */
import type { Commit, Message } from "everfold"
import {
  Aggregate,
  CommandHandler,
  EventStore,
  Expected,
  History,
  QueueDoorbell,
  Reactor,
  Snapshots,
  Subscriptions
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Account, Deposit, deposit, Deposited, Journal, Letter, Letters, Note, withdraw } from "../../Bank.ts"
import type { WriteSide } from "../WriteSide.ts"

/** Something that somebody does with a log. */
export interface Operation {
  readonly name: string
  /** `file` is where the log is, if it is in a file. */
  readonly run: (file: string) => Effect.Effect<unknown, unknown, WriteSide>
  /** Commits or streams, and how many events each of them gets: all of them are written, or none. */
  readonly writes: Readonly<Record<string, number>>
  /** Where it moves the checkpoint of "reader". */
  readonly moves?: number
  /** Means nothing in memory. */
  readonly onlyOnFile?: true
}

/** What has happened before, under the ids `before-0`, `before-1` and so on: alice has 10 left. */
export const before = Effect.forEach(
  [deposit("alice", 20), withdraw("alice", 4), withdraw("alice", 6), deposit("bob", 1)],
  (command, n) => CommandHandler.handle(Account, command, { commandId: `before-${n}` })
)

/** An aggregate whose state is kept after each event. */
const Tally = Aggregate.make("Tally", {
  events: [Deposited],
  commands: [Deposit],
  state: Schema.Struct({ sum: Schema.Int }),
  initial: { sum: 0 },
  id: (command) => command.accountId,
  snapshot: { version: 1, every: 1 }
})
  .evolve({ Deposited: ({ sum }, { amount }) => ({ sum: sum + amount }) })
  .decide({ Deposit: (command) => [Deposited.make({ ...command })] })

const id = "it"
const snapshot = { stream: "Tally-alice", key: "key", version: 1, last: "last", state: "{}" }

const event = { type: "Deposited", revision: 1, payload: JSON.stringify({ accountId: "alice", amount: 1 }) }

const commit = (...counts: ReadonlyArray<readonly [account: string, count: number]>): Commit.Commit => ({
  id,
  metadata: {},
  parts: counts.map(([account, count]) => ({
    stream: Aggregate.stream(Account, account),
    expected: Expected.any,
    events: Array.from({ length: count }, () => event)
  }))
})

const handling = (
  name: string,
  aggregate: Aggregate.Any,
  command: Message.Tagged,
  writes: Operation["writes"],
  commandId = id
): Operation => ({ name, run: () => CommandHandler.handle(aggregate, command, { commandId }), writes })

const appending = (name: string, commit: Commit.Commit, writes: Operation["writes"]): Operation => ({
  name,
  run: () => Effect.flatMap(EventStore.EventStore, (store) => store.append(commit)),
  writes
})

const reading = (
  name: string,
  read: (store: Context.Tag.Service<EventStore.EventStore>) => Effect.Effect<unknown, unknown>
): Operation => ({ name, run: () => Effect.flatMap(EventStore.EventStore, read), writes: {} })

const keeping = (
  name: string,
  use: (snapshots: Context.Tag.Service<Snapshots.Snapshots>) => Effect.Effect<unknown, unknown>
): Operation => ({ name, run: () => Effect.flatMap(Snapshots.Snapshots, use), writes: {} })

/** Runs a reaction until it has seen everything. */
const reaction = Effect.gen(function* () {
  const { head } = yield* EventStore.EventStore
  const running = yield* Layer.build(Reactor.layer(Letters, [Letter]))
  yield* Effect.provide(Subscriptions.reached(Letters, { position: yield* head }), running)
})

/** Opens a log of one's own, appends three times at once, and closes it. */
const session = (file: string) =>
  Effect.gen(function* () {
    const log = SqliteStack.logDatabase(file, "NORMAL").pipe(Layer.provide(QueueDoorbell.layer))
    const store = Context.get(yield* Layer.build(log), EventStore.EventStore)
    const accounts = ["alice", "alice", "dora"]
    const appends = accounts.map((account, n) => store.append({ ...commit([account, 1]), id: `${id}-${n}` }))
    const fibers = yield* Effect.forEach(appends, Effect.fork)
    yield* Effect.forEach(fibers, Fiber.join)
  })

export const operations: ReadonlyArray<Operation> = [
  handling("handle, accepted", Account, withdraw("alice", 10), { it: 1 }),
  handling("handle, refused", Account, withdraw("alice", 1000), {}),
  handling("handle, nothing to do", Journal, Note.make({ journalId: "alice", text: "" }), {}),
  handling("handle, a second time", Account, withdraw("alice", 4), { "before-1": 1 }, "before-1"),
  handling("handle, with a snapshot", Tally, deposit("alice", 1), { it: 1 }),
  appending("append", commit(["alice", 1]), { it: 1 }),
  appending("append to three streams", commit(["alice", 2], ["bob", 1], ["carol", 3]), { it: 6 }),
  {
    ...appending(
      "append, with a checkpoint",
      { ...commit(["alice", 1]), advance: { subscriber: "reader", from: 0, to: 1 } },
      { it: 1 }
    ),
    moves: 1
  },
  appending("append of nothing", commit(["alice", 0]), {}),
  appending("append, too large", commit(["alice", 501]), {}),
  reading("read a stream", (store) => store.readStream({ stream: "Account-alice" })),
  reading("read a stream to fold it", (store) => store.readPast({ stream: "Account-alice" })),
  reading("read the log", (store) => store.readAll({ after: 1, types: ["Deposited"] })),
  reading("head", (store) => store.head),
  reading("checkpoint", (store) => store.checkpoint("reader")),
  reading("identity", (store) => store.identity),
  { name: "preview", run: () => CommandHandler.preview(Account, withdraw("alice", 1)), writes: {} },
  { name: "state at a version", run: () => History.stateAt(Account, "alice", { version: 2 }), writes: {} },
  keeping("save a snapshot", (snapshots) => snapshots.save([snapshot])),
  keeping("load a snapshot", (snapshots) => snapshots.load(snapshot.stream, snapshot.key)),
  keeping("discard a snapshot", (snapshots) => snapshots.discard(snapshot.stream)),
  {
    name: "a reaction",
    run: () => Effect.scoped(reaction),
    writes: { "Letter-alice.2": 1, "Letter-alice.3": 1 }
  },
  {
    name: "open, append and close",
    run: (file) => Effect.scoped(session(file)),
    writes: { "it-0": 1, "it-1": 1, "it-2": 1 },
    onlyOnFile: true
  }
]
