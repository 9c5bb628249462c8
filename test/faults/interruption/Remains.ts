/** What an interrupted operation must leave behind: all or nothing in the log, and nothing in anybody's way. */
import Database from "better-sqlite3"
import type { Aggregate, Event } from "everfold"
import { CommandHandler, EventStore, History } from "everfold"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Account, deposit, InsufficientFunds, withdraw } from "../../Bank.ts"
import type { Log, WriteSide } from "../WriteSide.ts"
import type { Operation } from "./Operations.ts"

/** What others do at the same time, on the same stream and on another, first and last. */
export const others = {
  first: handle(deposit("alice", 1), "same"),
  last: Effect.zip(handle(deposit("bob", 1), "other"), handle(deposit("alice", 1), "same-again"), {
    concurrent: true
  })
}

/** As it lies: what does not hold. */
export const asItLies = (
  { moves = 0, writes }: Operation,
  exit: Exit.Exit<unknown, unknown>,
  { file }: Log
) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const { events } = yield* store.readAll({})
    const written = count(events)
    const done = Object.keys(writes).filter((id) => written.has(id))
    const all = done.length === Object.keys(writes).length
    const checkpoint = yield* store.checkpoint("reader")
    return [
      ...unless(!dies(exit), `it dies: ${String(exit)}`),
      ...unless(!Exit.isSuccess(exit) || all, "it says that it is done, and the log has nothing of it"),
      ...unless(
        done.every((id) => written.get(id) === writes[id]),
        `half of it is done: ${JSON.stringify([...written])}`
      ),
      ...unless(checkpoint === (all ? moves : 0), `the checkpoint is at ${checkpoint}`),
      ...unless(
        ["same", "same-again", "other"].every((id) => written.get(id) === 1),
        `what others did is lost: ${JSON.stringify([...written])}`
      ),
      ...unless(isContinuous(events), `the log has a hole: ${JSON.stringify(events)}`),
      ...unless(file === undefined || (yield* isFreeSoon(file)), "a transaction stays open")
    ]
  })

/** When everybody goes on, the operation too: what does not hold. */
export const asItGoesOn = ({ writes }: Operation, run: Effect.Effect<unknown, unknown, WriteSide>) =>
  Effect.gen(function* () {
    const before = yield* balance
    const tooMuch = yield* Effect.flip(handle(withdraw("alice", before + 1), "too-much"))
    const exit = yield* Effect.exit(run)
    const { events } = yield* Effect.flatMap(EventStore.EventStore, (store) => store.readAll({}))
    const written = count(events)
    const rest = yield* balance
    const last = yield* Effect.exit(rest > 0 ? handle(withdraw("alice", rest), "rest") : Effect.void)
    const elsewhere = yield* Effect.exit(handle(deposit("emil", 1), "elsewhere"))
    return [
      ...unless(
        tooMuch instanceof InsufficientFunds && tooMuch.balance === before,
        `not refused for a balance of ${before}: ${String(tooMuch)}`
      ),
      ...unless(!dies(exit), `begun again, it dies: ${String(exit)}`),
      ...unless(
        Object.entries(writes).every(([id, events]) => written.get(id) === events),
        `begun again, it has not one effect: ${JSON.stringify([...written])}`
      ),
      ...unless(Exit.isSuccess(last), `a balance of ${rest} cannot be withdrawn: ${String(last)}`),
      ...unless(Exit.isSuccess(elsewhere), `another stream is in the way: ${String(elsewhere)}`)
    ]
  })

// internal

function handle<C extends Aggregate.Command<typeof Account>>(command: C, commandId: string) {
  return CommandHandler.handle(Account, command, { commandId })
}

const balance = Effect.map(History.stateAt(Account, "alice"), ({ balance }) => balance)

const unless = (holds: boolean, why: string): ReadonlyArray<string> => (holds ? [] : [why])

const dies = (exit: Exit.Exit<unknown, unknown>) => Exit.isFailure(exit) && Cause.isDie(exit.cause)

/** How many events each commit has, and each stream. */
const count = (events: ReadonlyArray<Event.Stored>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { id, stream } of events) {
    for (const one of [id.slice(0, id.lastIndexOf("#")), stream]) counts.set(one, (counts.get(one) ?? 0) + 1)
  }
  return counts
}

const isContinuous = (events: ReadonlyArray<Event.Stored>) =>
  events.every(
    ({ position, stream, version }, index) =>
      position === index + 1 &&
      version === 1 + events.slice(0, index).filter((earlier) => earlier.stream === stream).length
  )

/** Whether a program beside this one can begin to write, when everybody here has come to an end. */
const isFreeSoon = (file: string) =>
  Effect.gen(function* () {
    for (let turns = 0; turns < 1000; turns++) {
      if (isFree(file)) return true
      yield* Effect.yieldNow()
    }
    return false
  })

const isFree = (file: string): boolean => {
  const connection = new Database(file, { timeout: 0 })
  try {
    connection.exec("begin immediate; rollback")
    return true
  } catch {
    return false
  } finally {
    connection.close()
  }
}
