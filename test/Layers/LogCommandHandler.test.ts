import { describe, expect, it } from "@effect/vitest"
import {
  Aggregate,
  CommandHandler,
  Commit,
  EventStore,
  Expected,
  LogCommandHandler,
  Metadata
} from "everfold"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import {
  Account,
  Deposit,
  Deposited,
  deposit,
  deposited,
  InsufficientFunds,
  Journal,
  Note,
  withdraw,
  withdrawn
} from "../Bank.ts"
import { folder, hurry, log, sqliteIn, stacks, wrapped, write } from "./Stacks.ts"

/** Before each of the first appends, somebody else withdraws 50 from alice's account. */
const rival = (times: number) => {
  let left = times
  return LogCommandHandler.layer.pipe(
    Layer.provide(
      wrapped(EventStore.EventStore, (store) => ({
        ...store,
        append: (commit, queued) => {
          if (left-- <= 0) return store.append(commit, queued)
          const payload = JSON.stringify({ accountId: "alice", amount: 50 })
          const events = [{ type: "Withdrawn", revision: 1, payload }]
          const parts = [{ stream: "Account-alice", expected: Expected.any, events }]
          const first = store.append({ id: `${commit.id} rival ${left}`, metadata: {}, parts })
          return Effect.zipRight(first, store.append(commit, queued))
        }
      }))
    )
  )
}

describe.each(stacks)("commands on $name", ({ layer }) => {
  it.effect("a receipt says what was recorded, and where", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("bob", 1))
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      const receipt = yield* CommandHandler.handle(Account, withdraw("alice", 30))

      expect(receipt).toMatchObject({ stream: "Account-alice", version: 2, position: 3 })
      expect(receipt.events).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
          stream: "Account-alice",
          version: 2,
          position: 3,
          recordedAt: 0,
          revision: 1,
          metadata: { commandId: expect.any(String), correlationId: expect.any(String) },
          event: withdrawn("alice", 30)
        }
      ])
      expect((yield* log).map(({ id }) => id)).toContain(receipt.events[0]?.id)
    }).pipe(Effect.provide(layer))
  )

  it.effect("an empty decision writes nothing; its receipt says where the stream is", () =>
    Effect.gen(function* () {
      const before = yield* CommandHandler.handle(Journal, Note.make({ journalId: "j", text: "" }))
      expect(before).toEqual({ stream: "Journal-j", version: 0, position: 0, events: [] })

      yield* CommandHandler.handle(Journal, Note.make({ journalId: "j", text: "one" }))
      yield* CommandHandler.handle(Journal, Note.make({ journalId: "other", text: "two" }))
      const after = yield* CommandHandler.handle(Journal, Note.make({ journalId: "j", text: "" }))
      expect(after).toEqual({ stream: "Journal-j", version: 1, position: 1, events: [] })
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(layer))
  )

  it.effect("a rejection is the command's own, and writes nothing", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 10))
      const refused = yield* Effect.flip(CommandHandler.handle(Account, withdraw("alice", 11)))
      expect({ ...refused }).toEqual({ _tag: "InsufficientFunds", balance: 10 })
      expect(yield* log).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )

  it.scoped("after a conflict it decides again, on the new state", () =>
    Effect.gen(function* () {
      yield* hurry
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      const accepted = yield* CommandHandler.handle(Account, withdraw("alice", 20)).pipe(
        Effect.provide(rival(1))
      )
      expect(accepted.version).toBe(3)
      // 30 are left, and nobody may decide on the 100 that were there before.
      const refused = yield* CommandHandler.handle(Account, withdraw("alice", 25)).pipe(
        Effect.provide(rival(0)),
        Effect.zipRight(CommandHandler.handle(Account, deposit("alice", 50))),
        Effect.zipRight(CommandHandler.handle(Account, withdraw("alice", 50)).pipe(Effect.provide(rival(1)))),
        Effect.flip
      )
      expect({ ...refused }).toEqual({ _tag: "InsufficientFunds", balance: 5 })
    }).pipe(Effect.provide(layer))
  )

  it.scoped("it gives up after five more attempts, and has written nothing", () =>
    Effect.gen(function* () {
      yield* hurry
      yield* CommandHandler.handle(Account, deposit("alice", 1000))
      const conflict = yield* CommandHandler.handle(Account, withdraw("alice", 20)).pipe(
        Effect.provide(rival(6)),
        Effect.flip
      )
      expect({ ...conflict }).toEqual({
        _tag: "VersionConflict",
        stream: "Account-alice",
        expected: expect.stringMatching(/^version 6 \(event .+ rival 1#0\)$/),
        actual: 7
      })
      expect(yield* log).toHaveLength(7)
    }).pipe(Effect.provide(layer))
  )

  it.scoped("callers at once cannot overdraw", () =>
    Effect.gen(function* () {
      yield* hurry
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      const outcomes = yield* Effect.forEach(
        [1, 2, 3, 4],
        () => Effect.either(CommandHandler.handle(Account, withdraw("alice", 30))),
        { concurrency: "unbounded" }
      )
      expect(outcomes.filter(Either.isLeft)).toEqual([Either.left(new InsufficientFunds({ balance: 10 }))])
      expect((yield* log).map(({ version }) => version)).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(layer))
  )

  it.effect("the same command decides the same ids, however often it is decided", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [first: string, second: string]> = []
      const Minting = Aggregate.make("Account", { ...Account, commands: [Deposit], events: [Deposited] })
        .evolve({ Deposited: (state) => state })
        .decide({
          Deposit: (command, _, { id }) => {
            seen.push([id(0), id(1)])
            return [Deposited.make({ ...command })]
          }
        })
      const { events } = yield* CommandHandler.handle(Minting, deposit("bob", 1))
      const commandId = events[0]?.metadata.commandId
      expect(seen).toEqual([[`${commandId}.0`, `${commandId}.1`]])
    }).pipe(Effect.provide(layer))
  )

  it.effect("history that does not decode is a StoreError that names the event", () =>
    Effect.gen(function* () {
      const payload = `{"accountId":"alice","amount":"much"}`
      yield* write("Account-alice", [{ type: "Deposited", payload }])
      const undecodable = yield* Effect.flip(CommandHandler.handle(Account, deposit("alice", 1)))
      expect(undecodable).toMatchObject({ _tag: "StoreError", reason: "Undecodable" })
      expect(undecodable.message).toContain("Deposited revision 1 (Account-alice version 1)")

      yield* write("Account-bob", [{ type: "Renamed", payload: "{}" }])
      const unknown = yield* Effect.flip(CommandHandler.handle(Account, deposit("bob", 1)))
      expect(unknown).toMatchObject({ _tag: "StoreError", reason: "Undecodable" })
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(layer))
  )

  it.effect("an event that could not be read back, and an id that names no stream, are not written", () =>
    Effect.gen(function* () {
      const Careless = Aggregate.make("Account", { ...Account, commands: [Deposit], events: [Deposited] })
        .evolve({ Deposited: (state) => state })
        .decide({ Deposit: ({ accountId }) => [{ _tag: "Deposited", accountId, amount: -1 }] })
      const invalid = yield* Effect.flip(CommandHandler.handle(Careless, deposit("alice", 1)))
      expect(invalid).toMatchObject({ _tag: "StoreError", reason: "Invalid" })
      expect(invalid.message).toContain("Deposit decided an event that cannot be stored: Deposited")

      const unnamed = yield* Effect.flip(CommandHandler.handle(Account, deposit("a/b", 1)))
      expect(unnamed).toMatchObject({ _tag: "StoreError", reason: "Invalid" })
      expect(yield* log).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("a decision that throws kills its own command only", () =>
    Effect.gen(function* () {
      const Broken = Aggregate.make("Account", { ...Account, commands: [Deposit], events: [Deposited] })
        .evolve({ Deposited: (state) => state })
        .decide({
          Deposit: () => {
            throw new Error("boom")
          }
        })
      const exit = yield* Effect.exit(CommandHandler.handle(Broken, deposit("alice", 1)))
      expect(Exit.isFailure(exit) && Cause.isDieType(exit.cause)).toBe(true)
      yield* CommandHandler.handle(Account, deposit("alice", 1))
      expect(yield* log).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("a command that is not what its Schema says is refused before anything is decided", () =>
    Effect.gen(function* () {
      const unfit = { ...deposit("alice", 1), amount: -1 }
      const error = yield* Effect.flip(CommandHandler.handle(Account, unfit))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "Invalid" })
      expect(error.message).toContain("Deposit")
      expect(yield* log).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("a command id is 1 to 200 printable characters", () =>
    Effect.gen(function* () {
      const send = (commandId: string) =>
        Effect.either(CommandHandler.handle(Account, deposit("alice", 1), { commandId }))
      for (const commandId of ["", "x".repeat(201), "a\nb", "\u0000", "\ud800"]) {
        const outcome = yield* send(commandId)
        expect(Either.isLeft(outcome) && outcome.left, JSON.stringify(commandId)).toMatchObject({
          _tag: "StoreError",
          reason: "Invalid"
        })
      }
      for (const commandId of ["x".repeat(200), "0", "ß\u{1f600} '\"%_", " "]) {
        const outcome = yield* send(commandId)
        expect(Either.isRight(outcome) && outcome.right.events[0]?.metadata.commandId).toBe(commandId)
      }
      expect(yield* log).toHaveLength(4)
    }).pipe(Effect.provide(layer))
  )

  it.effect("a preview answers what the command would, and writes nothing", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 10))
      const commands = [deposit("alice", 5), withdraw("alice", 10), withdraw("alice", 11)]
      const previews = yield* Effect.forEach(commands, (command) =>
        Effect.either(CommandHandler.preview(Account, command))
      )
      expect(yield* log).toHaveLength(1)
      expect(previews).toEqual([
        Either.right([deposited("alice", 5)]),
        Either.right([withdrawn("alice", 10)]),
        Either.left(new InsufficientFunds({ balance: 10 }))
      ])
      // None of them has been there for the next one.
      expect((yield* CommandHandler.handle(Account, withdraw("alice", 10))).version).toBe(2)
      expect(yield* CommandHandler.preview(Journal, Note.make({ journalId: "j", text: "" }))).toEqual([])
      expect(yield* CommandHandler.preview(Account, deposit("bob", 1))).toEqual([deposited("bob", 1)])
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(layer))
  )

  it.effect("a preview sees what another program has written", () =>
    Effect.gen(function* () {
      const drain = CommandHandler.preview(Account, withdraw("alice", 10))
      yield* CommandHandler.handle(Account, deposit("alice", 10))
      yield* drain
      const payload = JSON.stringify({ accountId: "alice", amount: 1 })
      yield* write("Account-alice", [{ type: "Withdrawn", payload }])
      expect(yield* Effect.flip(drain)).toEqual(new InsufficientFunds({ balance: 9 }))
    }).pipe(Effect.provide(layer))
  )

  it.effect("metadata: the command is its own correlation unless the program says otherwise", () =>
    Effect.gen(function* () {
      const metadataOf = (receipt: CommandHandler.Receipt) => receipt.events[0]?.metadata
      const alone = metadataOf(yield* CommandHandler.handle(Account, deposit("alice", 1)))
      expect(alone).toEqual({ commandId: alone?.commandId, correlationId: alone?.commandId })
      expect(alone?.commandId).toMatch(/^[0-9a-f-]{36}$/)

      const [one, two] = yield* Effect.all(
        [deposit("alice", 2), deposit("bob", 3)].map((command) => CommandHandler.handle(Account, command)),
        { concurrency: "unbounded" }
      ).pipe(
        Metadata.with({ correlationId: "inner" }),
        Effect.fork,
        Effect.flatten,
        Metadata.with({ actor: "alice", correlationId: "outer" }),
        Effect.map((receipts) => receipts.map(metadataOf))
      )
      expect(one).toEqual({ actor: "alice", correlationId: "inner", commandId: one?.commandId })
      expect(two).toEqual({ actor: "alice", correlationId: "inner", commandId: two?.commandId })
      expect(one?.commandId).not.toBe(two?.commandId)
      const after = metadataOf(yield* CommandHandler.handle(Account, deposit("alice", 1)))
      expect(after?.actor).toBeUndefined()
    }).pipe(Effect.provide(layer))
  )
})

it.scoped("two programs on one SQLite log cannot overdraw either", () =>
  Effect.gen(function* () {
    yield* hurry
    const directory = yield* folder
    const other = yield* Layer.build(sqliteIn(directory))
    yield* Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      const drain = Effect.either(CommandHandler.handle(Account, withdraw("alice", 30)))
      const outcomes = yield* Effect.all(
        [drain, Effect.provide(drain, other), drain, Effect.provide(drain, other)],
        { concurrency: "unbounded" }
      )
      expect(outcomes.filter(Either.isLeft)).toEqual([Either.left(new InsufficientFunds({ balance: 10 }))])
      expect((yield* log).map(({ position }) => position)).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(sqliteIn(directory)))
  })
)

it.scoped("a command that is decided again is decided by the same time and the same ids", () =>
  Effect.gen(function* () {
    yield* hurry
    const circumstances: Array<readonly [number, string]> = []
    const watched = Aggregate.make("Watched", {
      events: Account.events,
      commands: Account.commands,
      state: Schema.Struct({ balance: Schema.Int }),
      initial: { balance: 0 },
      id: (command) => command.accountId
    })
      .evolve({ Deposited: (state) => state, Withdrawn: (state) => state })
      .decide({
        Deposit: (command, _, { id, now }) => {
          circumstances.push([now, id(0)])
          return [deposited(command.accountId, command.amount)]
        },
        Withdraw: () => []
      })
    let conflicts = 2
    const contended = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      append: (commit, queued) =>
        conflicts-- > 0
          ? Effect.fail(new Commit.VersionConflict({ stream: "Watched-alice", expected: "0", actual: 1 }))
          : store.append(commit, queued)
    }))
    yield* CommandHandler.handle(watched, deposit("alice", 1)).pipe(
      Effect.provide(LogCommandHandler.layer.pipe(Layer.provide(contended)))
    )
    expect(circumstances).toHaveLength(3)
    expect(new Set(circumstances.map((one) => one.join(" "))).size).toBe(1)
  }).pipe(Effect.provide(stacks[0]?.layer ?? Layer.die("no stack")))
)
