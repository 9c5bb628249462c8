/** What is done while statements fail: every public operation, on files that hold some history. */
import type { Commit, Engine } from "everfold"
import { CommandHandler, EventStore, Expected, ReadModel, SubscriptionControl, Subscriptions } from "everfold"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import { Account, Balances, Journal, Note, deposit, withdraw } from "../../Bank.ts"
import * as World from "./World.ts"

/** A question to a stack. */
export interface Call {
  readonly ask: Effect.Effect<unknown, unknown, Engine.Stack>
  /** The id of the commit that it leads to, and how many events that has. */
  readonly commit?: string
  readonly events?: number
}

/** Calls that are made at the same time. */
export interface Operation {
  readonly name: string
  /** Whether subscribers are running. */
  readonly peopled: boolean
  readonly calls: ReadonlyArray<Call>
}

const part = (stream: string, events = 1, expected: Expected.Expected = Expected.any): Commit.Part => ({
  stream,
  expected,
  events: Array.makeBy(events, () => ({
    type: "Noted",
    revision: 1,
    payload: JSON.stringify({ journalId: stream.slice("Journal-".length), text: "new" })
  }))
})

const append = (
  commit: string,
  parts: ReadonlyArray<Commit.Part>,
  more: Pick<Commit.Commit, "advance"> = {}
): Call => ({
  ask: Effect.flatMap(EventStore.EventStore, (store) =>
    store.append({ id: commit, metadata: {}, parts, ...more })
  ),
  commit,
  events: parts.flatMap(({ events }) => events).length
})

const { handle } = CommandHandler

const read = (
  ask: (store: typeof EventStore.EventStore.Service) => Effect.Effect<unknown, unknown>
): Call => ({ ask: Effect.flatMap(EventStore.EventStore, ask) })

const query = (
  ask: (model: typeof ReadModel.ReadModel.Service) => Effect.Effect<unknown, unknown>
): Call => ({ ask: Effect.flatMap(ReadModel.ReadModel, ask) })

const counting = (commandId: string): Call => ({
  ask: handle(World.Counter, World.Count.make({ counterId: "a" }), { commandId }),
  commit: commandId,
  events: 1
})

const withdrawing = (commandId: string, amount: number, events = 1): Call => ({
  ask: handle(Account, withdraw("alice", amount), { commandId }),
  commit: commandId,
  events
})

const noting = (commandId: string, text: string): Call => ({
  ask: handle(Journal, Note.make({ journalId: "post", text }), { commandId }),
  commit: commandId,
  events: text === "" ? 0 : 1
})

const one = (name: string, ...calls: ReadonlyArray<Call>): Operation => ({ name, peopled: false, calls })

const inCompany = (name: string, ...calls: ReadonlyArray<Call>): Operation => ({ name, peopled: true, calls })

export const operations: ReadonlyArray<Operation> = [
  one("append: one event", append("new", [part("Journal-a")])),
  one(
    "append: several streams",
    append("new", [part("Journal-a", 2), part("Journal-post"), part("Journal-c", 9)])
  ),
  one(
    "append: with a checkpoint",
    append("new", [part("Journal-a")], { advance: { subscriber: "outside", from: 0, to: 3 } })
  ),
  one("append: a check", append("new", [part("Account-alice", 0, Expected.exactly(2))])),
  one(
    "append: 20 at once",
    ...Array.makeBy(20, (n) => append(`new-${n}`, [part(`Journal-${n % 3}`, 1 + (n % 2))]))
  ),
  one("handle: accepted", withdrawing("new", 5)),
  one("handle: refused", withdrawing("new", 500, 0)),
  one("handle: nothing to do", noting("new", "")),
  one("handle: sent again", withdrawing("history-2", 10)),
  one("handle: with a snapshot", counting("new")),
  one(
    "handle: 8 on one stream",
    ...Array.makeBy(8, (n) => withdrawing(`new-${n}`, n === 4 ? 500 : 1, n === 4 ? 0 : 1))
  ),
  one("preview", { ask: CommandHandler.preview(Account, withdraw("alice", 5)) }),
  one(
    "readStream",
    read((store) => store.readStream({ stream: "Account-alice" }))
  ),
  one(
    "readPast",
    read((store) => store.readPast({ stream: "Account-alice" }))
  ),
  one(
    "readAll",
    read((store) => store.readAll({}))
  ),
  one(
    "head",
    read((store) => store.head)
  ),
  one(
    "checkpoint",
    read((store) => store.checkpoint("letters"))
  ),
  one(
    "identity",
    read((store) => store.identity)
  ),
  one(
    "ReadModel.get",
    query((model) => model.get(Balances, "alice"))
  ),
  one(
    "ReadModel.list",
    query((model) => model.list(Balances, { orderBy: "balance", where: { balance: 50 } }))
  ),
  one(
    "ReadModel.count",
    query((model) => model.count(Balances, {}))
  ),
  one("SubscriptionControl.rebuild", { ask: SubscriptionControl.rebuild(Balances) }),
  inCompany("a command and all that follows", withdrawing("new", 5)),
  inCompany("settled", { ask: Subscriptions.settled })
]
