import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, Limits, Metadata, Projector, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import { Account, Balances, deposit, Journal, Note } from "../Bank.ts"
import { counting, folder, held, hurry, log, settle, sqliteIn, stacks, wrapped, write } from "./Stacks.ts"
import { connect } from "./sqlite/files.ts"

const note = (text: string) => CommandHandler.handle(Journal, Note.make({ journalId: "j", text }))
const pay = (accountId: string) => CommandHandler.handle(Account, deposit(accountId, 1))

/** A note without text, as the log has it. */
const empty = { type: "Noted", payload: JSON.stringify({ journalId: "j", text: "" }) }
const left = 100 - empty.payload.length

describe.each(stacks)("limits given to the stack on $name", ({ layer }) => {
  const limited = (limits: Parameters<typeof Limits.layer>[0]) => Layer.provide(layer, Limits.layer(limits))

  it.effect("of an event, in bytes of UTF-8", () =>
    Effect.gen(function* () {
      yield* note("x".repeat(left))
      yield* note("ü".repeat(left / 2))
      for (const text of ["x".repeat(left + 1), "ü".repeat(left / 2 + 1)]) {
        const error = yield* Effect.flip(note(text))
        expect(error).toMatchObject({ _tag: "StoreError", reason: "TooLarge", transient: false })
        expect(error.message).toMatch(/an event of type Noted has \d+ bytes; the limit is 100$/)
      }
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(limited({ eventBytes: 100 })))
  )

  it.effect.each([
    ["events", { commitEvents: 3 }, /a commit has 4 events; the limit is 3$/],
    ["bytes", { commitBytes: 3 * empty.payload.length }, /a commit has \d+ bytes; the limit is \d+$/]
  ] as const)("of a commit, in %s", ([, limits, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(write("Journal-j", [empty, empty, empty, empty]))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "TooLarge" })
      expect(error.message).toMatch(message)
      yield* write("Journal-j", [empty, empty, empty])
      expect(yield* log).toHaveLength(3)
    }).pipe(Effect.provide(limited(limits)))
  )

  it.effect("of the metadata that a program gives its commands", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(note("").pipe(Metadata.with({ actor: "a".repeat(200) })))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "TooLarge" })
      expect((yield* note("").pipe(Effect.zipRight(note("x")))).version).toBe(1)
    }).pipe(Effect.provide(limited({ metadataBytes: 200 })))
  )

  it.effect(
    "of those who wait for a stream: beyond them a command is Overloaded, and then there is room",
    () =>
      Effect.gen(function* () {
        const gate = yield* Effect.makeLatch()
        yield* Effect.gen(function* () {
          const first = yield* Effect.fork(pay("alice"))
          yield* settle
          const second = yield* Effect.fork(pay("alice"))
          yield* settle
          const error = yield* Effect.flip(pay("alice"))
          expect(error).toMatchObject({ _tag: "StoreError", reason: "Overloaded", transient: true })
          const other = yield* Effect.fork(pay("bob"))
          yield* gate.open
          yield* Fiber.joinAll([first, second, other])
          expect((yield* pay("alice")).version).toBe(3)
        }).pipe(Effect.provide(held(gate)), Effect.provide(Limits.layer({ waitingCommands: 1 })))
        expect(yield* log).toHaveLength(4)
      }).pipe(Effect.provide(layer))
  )

  it.effect("of the states that are kept: the longest unused is read again", () => {
    const { counts, layer: commands } = counting()
    return Effect.gen(function* () {
      for (const accountId of ["a", "b", "a", "b"]) yield* pay(accountId)
      expect(counts.reads).toBe(2)
      yield* pay("c")
      yield* pay("b")
      expect(counts.reads).toBe(3)
      expect((yield* pay("a")).version).toBe(3)
      expect(counts.reads).toBe(4)
    }).pipe(Effect.provide(commands), Effect.provide(Limits.layer({ states: 2 })), Effect.provide(layer))
  })

  it.effect("reach what is built on the stack, and the program itself; nearer ones go before them", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const look = Effect.map(Limits.Current, ({ pageEvents }) => void seen.push(pageEvents))
      const built = Layer.effectDiscard(look)
      const own = Layer.provide(Layer.effectDiscard(look), Limits.layer({ pageEvents: 5 }))
      const stack = limited({ pageEvents: 7 })
      yield* look.pipe(Effect.provide(Layer.provideMerge(Layer.merge(built, own), stack)))
      expect(seen.sort()).toEqual([5, 7, 7])
    })
  )

  it.effect("a projection on the stack reads as many events at once as they say", () =>
    Effect.gen(function* () {
      const limits: Array<number | undefined> = []
      const watched = wrapped(EventStore.EventStore, (store) => ({
        ...store,
        readAll: (query) => {
          limits.push(query.limit)
          return store.readAll(query)
        }
      }))
      const projector = Layer.provide(Projector.layer(Balances), watched)
      yield* pay("alice").pipe(
        Effect.zipRight(Subscriptions.settled),
        Effect.provide(Layer.provideMerge(projector, limited({ pageEvents: 7 })))
      )
      expect(limits).toContain(7)
      expect(limits).not.toContain(500)
    })
  )

  it.effect("where none are given, the defaults are in force", () =>
    Effect.gen(function* () {
      yield* note("x".repeat(200_000))
      expect(yield* Effect.either(note("x".repeat(300_000)))).toMatchObject({
        _tag: "Left",
        left: { reason: "TooLarge" }
      })
    }).pipe(Effect.provide(layer))
  )
})

it.scoped(
  "the limit of those who wait for the writer of a SQLite stack is in force, and then there is room",
  () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const context = yield* Layer.build(
        Layer.provide(sqliteIn(directory), Limits.layer({ waitingCommits: 2 }))
      )
      yield* Effect.gen(function* () {
        const raw = yield* connect(join(directory, "log.db"))
        raw.exec("begin immediate")
        const waiting = yield* Effect.forEach(["a", "b"], (id) => Effect.fork(pay(id)))
        yield* settle
        const overloaded = yield* Effect.either(pay("c"))
        expect(Either.isLeft(overloaded) && overloaded.left).toMatchObject({ reason: "Overloaded" })
        raw.exec("commit")
        yield* hurry
        yield* Fiber.joinAll(waiting)
        expect((yield* pay("c")).position).toBe(3)
      }).pipe(Effect.provide(context))
    })
)
