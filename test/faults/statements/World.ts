/** Programs on files that hold some history: the stack alone, and the stack with a subscriber of every kind. */
import { Aggregate, CommandHandler, Message, Projector, Reactor, Subscriber, Subscriptions } from "everfold"
import { ReadDb, SqliteStack, TableProjection, TableProjector } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Account, Balances, Journal, Letter, Letters, Notes, deposit, withdraw } from "../../Bank.ts"

/** The stack. Nothing happens in it on its own: whoever writes rings. */
export const alone = (directory: string) =>
  SqliteStack.layer({ directory, durability: "NORMAL", poll: Infinity })

/** Counts the events of each account in a table of its own. */
export const Movements = TableProjection.make("movements", {
  events: Account.events,
  setup: Effect.flatMap(
    ReadDb.ReadDb,
    (sql) => sql`create table movements (position integer primary key, account text not null) strict`
  )
}).on({
  Deposited: ({ accountId }, { position }) => moved(accountId, position),
  Withdrawn: ({ accountId }, { position }) => moved(accountId, position)
})

/** The stack with subscribers: rows, tables, reactions to reactions, and effects. */
export const peopled = (directory: string) =>
  Layer.mergeAll(
    Projector.layer(Balances),
    TableProjector.layer(Movements),
    Reactor.layer(Letters, [Letter]),
    Reactor.layer(Notes, [Journal]),
    Subscriber.layer(Audit)
  ).pipe(Layer.provideMerge(alone(directory)))

const count = { counterId: Schema.String }
export class Count extends Message.Struct<Count>()("Count", count) {}
class Counted extends Message.Struct<Counted>()("Counted", count) {}

/** Its state is kept after every second event. */
export const Counter = Aggregate.make("Counter", {
  events: [Counted],
  commands: [Count],
  state: Schema.Int,
  initial: 0,
  snapshot: { version: 1, every: 2, sample: 0 },
  id: (command) => command.counterId
})
  .evolve({ Counted: (state) => state + 1 })
  .decide({ Count: (command) => [Counted.make({ ...command })] })

/** A folder in memory, where that is possible, which is gone afterwards. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "everfold-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** A folder with the history of a program that was closed. */
export const history = Effect.gen(function* () {
  const directory = yield* folder
  const send = CommandHandler.handle
  yield* Effect.gen(function* () {
    yield* send(Account, deposit("alice", 100), { commandId: "history-1" })
    yield* send(Account, withdraw("alice", 10), { commandId: "history-2" })
    yield* send(Account, deposit("bob", 50), { commandId: "history-3" })
    yield* send(Counter, Count.make({ counterId: "a" }), { commandId: "history-4" })
    yield* Subscriptions.settled
  }).pipe(Effect.provide(peopled(directory)))
  return directory
})

/** Another folder with the same files. */
export const copyOf = (directory: string) =>
  Effect.tap(folder, (copy) => Effect.sync(() => cpSync(directory, copy, { recursive: true })))

// internal

const moved = (account: string, position: number) =>
  Effect.flatMap(ReadDb.ReadDb, (sql) => sql`insert into movements values (${position}, ${account})`)

const Audit = Subscriber.make("audit", { events: Account.events }).on({
  Deposited: () => Effect.void,
  Withdrawn: () => Effect.void
})
