import { describe, expect, it } from "@effect/vitest"
import {
  Aggregate,
  CommandHandler,
  Ids,
  LogCommandHandler,
  Metadata,
  Reactor,
  StoreError,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import {
  Account,
  AlreadySent,
  deposit,
  Journal,
  Letter,
  Letters,
  Note,
  Noted,
  Send,
  withdraw
} from "../Bank.ts"
import {
  deposits,
  folder,
  held,
  hurry,
  log,
  losing,
  recorder,
  settle,
  sqliteIn,
  stacks,
  stateOf
} from "./Stacks.ts"

const send = (letterId = "l") => Send.make({ letterId })
const note = (text: string) => Note.make({ journalId: "j", text })
/** Notes the time and what came before, so that a decision tells what it was made on. */
const Clocked = Aggregate.make("Journal", {
  events: [Noted],
  commands: [Note],
  state: Schema.Struct({ last: Schema.String }),
  initial: { last: "" },
  id: ({ journalId }) => journalId
})
  .evolve({ Noted: (_, { text }) => ({ last: `, after ${text}` }) })
  .decide({
    Note: ({ journalId, text }, { last }, { now }) => [
      Noted.make({ journalId, text: `${text} at ${now}${last}` })
    ]
  })

describe.each(stacks)("a command that is sent again on $name", ({ layer }) => {
  it.effect("has its original receipt, and one effect", () =>
    Effect.gen(function* () {
      const pay = CommandHandler.handle(Account, deposit("alice", 5), { commandId: "pay" })
      const first = yield* pay
      expect(first.events[0]).toMatchObject({ id: "pay#0", metadata: { commandId: "pay" } })
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* TestClock.adjust("1 second")
      expect(yield* pay).toEqual(first)
      // A program that was started since, and knows nothing of the stream.
      expect(yield* Effect.provide(pay, Layer.fresh(LogCommandHandler.layer))).toEqual(first)
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(layer))
  )

  it.effect("has its receipt instead of the rejection that its own effect would cause", () =>
    Effect.gen(function* () {
      const once = CommandHandler.handle(Letter, send(), { commandId: "once" })
      const receipt = yield* once
      expect(yield* once).toEqual(receipt)
      const another = CommandHandler.handle(Letter, send(), { commandId: "another" })
      expect(yield* Effect.flip(another)).toEqual(new AlreadySent({ letterId: "l" }))
      expect(yield* once).toEqual(receipt)
      expect(yield* log).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("is found whoever sends it, also when it would be another decision by now", () =>
    Effect.gen(function* () {
      const tell = CommandHandler.handle(Clocked, note("now"), { commandId: "tell" })
      const first = yield* tell.pipe(Metadata.with({ actor: "alice" }))
      yield* TestClock.adjust("1 second")
      const second = yield* tell.pipe(Metadata.with({ actor: "bob" }))
      expect(second).toEqual(first)
      expect(second.events).toMatchObject([{ metadata: { actor: "alice" }, event: { text: "now at 0" } }])
      const { events } = yield* CommandHandler.handle(Clocked, note("then"))
      expect(events).toMatchObject([{ version: 2, event: { text: "then at 1000, after now at 0" } }])
    }).pipe(Effect.provide(layer))
  )

  it.effect("disturbs nobody: the next command finds the truth", () =>
    Effect.gen(function* () {
      const pay = CommandHandler.handle(Account, deposit("alice", 5), { commandId: "pay" })
      yield* pay
      yield* pay
      yield* pay
      const { version } = yield* CommandHandler.handle(Account, withdraw("alice", 5))
      expect(version).toBe(2)
      expect(yield* Effect.exit(CommandHandler.handle(Account, withdraw("alice", 1)))).toMatchObject({
        _tag: "Failure"
      })
    }).pipe(Effect.provide(layer))
  )

  it.scoped("20 at once have one effect and equal receipts", () =>
    Effect.gen(function* () {
      yield* hurry
      const racing = <A, E, R>(program: Effect.Effect<A, E, R>) =>
        Effect.replicateEffect(program, 20, { concurrency: "unbounded" })
      const paid = yield* racing(CommandHandler.handle(Account, deposit("alice", 5), { commandId: "pay" }))
      const sent = yield* racing(CommandHandler.handle(Letter, send(), { commandId: "send" }))
      for (const receipts of [paid, sent]) {
        expect(receipts).toHaveLength(20)
        for (const receipt of receipts) expect(receipt).toEqual(receipts[0])
      }
      expect((yield* log).map(({ id }) => id)).toEqual(["pay#0", "send#0"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("under the id of another request is refused, whatever differs", () =>
    Effect.gen(function* () {
      const id = { commandId: "id" }
      yield* CommandHandler.handle(Account, deposit("alice", 5), id)
      const others: ReadonlyArray<Effect.Effect<unknown, object, CommandHandler.CommandHandler>> = [
        CommandHandler.handle(Account, deposit("alice", 6), id),
        CommandHandler.handle(Account, deposit("bob", 5), id),
        CommandHandler.handle(Account, withdraw("alice", 5), id),
        CommandHandler.handle(Letter, send(), id),
        // Refused, or nothing to do, if it were a command of its own.
        CommandHandler.handle(Account, withdraw("alice", 1000), id),
        CommandHandler.handle(Journal, note(""), id)
      ]
      for (const other of others) {
        expect({ ...(yield* Effect.flip(other)) }).toEqual({ _tag: "CommandIdReused", commandId: "id" })
      }
      expect(yield* log).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("after a refusal, or after nothing was to do, is decided anew: the id is not used up", () =>
    Effect.gen(function* () {
      const id = { commandId: "id" }
      const take = CommandHandler.handle(Account, withdraw("alice", 5), id)
      yield* Effect.flip(take)
      yield* CommandHandler.handle(Journal, note(""), id)
      yield* CommandHandler.handle(Account, deposit("alice", 5))
      const { events, version } = yield* take
      expect([version, events.map(({ id }) => id)]).toEqual([2, ["id#0"]])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is told apart from commands whose ids look like those of its events", () =>
    Effect.gen(function* () {
      const ids = ["a#0", "a", "a#1", "a#0#0", "b", "a$", "a%", "a_", "A"]
      const programs = ids.map((commandId, n) =>
        CommandHandler.handle(Account, deposit("alice", n + 1), { commandId })
      )
      const receipts = yield* Effect.all(programs)
      expect(yield* Effect.all(programs)).toEqual(receipts)
      expect((yield* log).map(({ id }) => id)).toEqual(ids.map((id) => `${id}#0`))
    }).pipe(Effect.provide(layer))
  )
})

describe.each(stacks)("a lost acknowledgement on $name", ({ layer }) => {
  it.scoped("once: the original receipt and one effect, also where a second would be refused", () => {
    const { counts, layer: commands } = losing(1)
    return Effect.gen(function* () {
      yield* hurry
      const receipt = yield* CommandHandler.handle(Letter, send())
      expect(receipt).toMatchObject({ version: 1, position: 1, events: [{ version: 1 }] })
      expect(counts.appends).toBe(2)
      expect(yield* log).toHaveLength(1)
    }).pipe(Effect.provide(commands), Effect.provide(layer))
  })

  it.scoped("always: the outcome is unknown, the error has the id, and with it the answer is found", () => {
    const { counts, layer: commands } = losing(Infinity)
    return Effect.gen(function* () {
      yield* hurry
      const lost = Effect.flip(Effect.provide(CommandHandler.handle(Letter, send()), commands))
      const error = yield* lost
      expect(error).toMatchObject({ _tag: "StoreError", reason: "OutcomeUnknown", transient: false })
      expect(counts.appends).toBe(6)
      const commandId = "commandId" in error ? (error.commandId ?? "") : ""
      const receipt = yield* CommandHandler.handle(Letter, send(), { commandId })
      expect(receipt.events).toMatchObject([{ id: `${commandId}#0`, version: 1 }])
      expect(yield* log).toHaveLength(1)

      const given = { commandId: "given" }
      const named = Effect.flip(CommandHandler.handle(Account, deposit("alice", 1), given))
      expect(yield* Effect.provide(named, commands)).toMatchObject(given)
    }).pipe(Effect.provide(layer))
  })

  it.scoped.each(["Busy", "Unavailable"] as const)(
    "once, and then a store that is %s: the outcome still is unknown",
    (reason) => {
      const { layer: commands } = losing(1, Effect.fail(StoreError.make(reason, "later")))
      return Effect.gen(function* () {
        yield* hurry
        const options = { commandId: "id" }
        const error = yield* Effect.flip(CommandHandler.handle(Letter, send(), options)).pipe(
          Effect.provide(commands)
        )
        // Any other reason says that nothing was written.
        expect(yield* log).toHaveLength(1)
        expect({ ...error }).toMatchObject({ _tag: "StoreError", reason: "OutcomeUnknown", commandId: "id" })
      }).pipe(Effect.provide(layer))
    }
  )

  it.scoped("of what was refused, or of nothing to do: the same answer again", () => {
    const { layer: commands } = losing(1)
    const { layer: commands2 } = losing(1)
    return Effect.gen(function* () {
      yield* hurry
      const refused = CommandHandler.handle(Account, withdraw("alice", 1))
      expect(yield* Effect.flip(Effect.provide(refused, commands))).toMatchObject({ balance: 0 })
      const nothing = yield* Effect.provide(CommandHandler.handle(Journal, note("")), commands2)
      expect(nothing.events).toEqual([])
      expect(yield* log).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("others go on meanwhile, on the truth", () => {
    const { layer: commands } = losing(3)
    return Effect.gen(function* () {
      yield* hurry
      const receipts = yield* Effect.forEach(
        [1, 2, 3, 4, 5, 6],
        (amount) => CommandHandler.handle(Account, deposit("alice", amount)),
        { concurrency: "unbounded" }
      )
      expect(receipts.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6])
      const amounts = (yield* log).map(({ payload }) => JSON.parse(payload).amount)
      expect(amounts.sort()).toEqual([1, 2, 3, 4, 5, 6])
    }).pipe(Effect.provide(commands), Effect.provide(layer))
  })
})

describe.each(stacks)("ids from outside on $name", ({ layer }) => {
  it.effect("do not meet those of a subscriber's checkpoint", () => {
    const { layer: subscriber, seen } = recorder()
    return Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 1), { commandId: "recorder 1" })
      yield* CommandHandler.handle(Account, deposit("alice", 2), { commandId: "recorder 2" })
      yield* CommandHandler.handle(Account, deposit("alice", 3))
      yield* Effect.exit(Subscriptions.settled)
      expect(yield* stateOf("recorder")).toMatchObject({ status: "Live", position: 3 })
      expect(seen).toEqual([1, 2, 3])
    }).pipe(Effect.provide(subscriber), Effect.provide(layer))
  })
})

it.scoped(
  "whoever was decided on a command that another process had answered differently decides again",
  () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const there = Effect.provide(yield* Layer.build(sqliteIn(directory)))
      const gate = yield* Effect.makeLatch()
      const stack = yield* Layer.build(sqliteIn(directory))
      const here = Effect.provide(yield* Effect.provide(Layer.build(held(gate)), stack))
      const tell = CommandHandler.handle(Clocked, note("first"), { commandId: "first" })

      const first = yield* Effect.fork(here(tell))
      yield* settle
      const second = yield* Effect.fork(here(CommandHandler.handle(Clocked, note("second"))))
      yield* settle
      yield* TestClock.adjust("1 second")
      const receipt = yield* there(tell)
      yield* hurry
      yield* gate.open
      expect(yield* Fiber.join(first)).toEqual(receipt)
      const { events } = yield* Fiber.join(second)
      expect(events[0]?.event.text).toContain("after first at 1000")
    })
)
