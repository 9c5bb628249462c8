import { describe, expect, it } from "@effect/vitest"
import {
  Aggregate,
  CommandHandler,
  EventStore,
  Ids,
  Metadata,
  Notes,
  Parked,
  Process,
  ProcessManager,
  StoreError
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Account, deposit, Deposited, Journal, Letter, Note, Noted, Send, withdraw } from "../Bank.ts"
import { dying, homes, kept, once, saver, savings, sent, settled, statesOf, through } from "./Processes.ts"
import { errors, hurry, log, stateOf, wrapped, write } from "./Stacks.ts"

const send = (letterId: string) => Send.make({ letterId })
const deposited = (accountId: string, amount: number) =>
  CommandHandler.handle(Account, deposit(accountId, amount))
const noted = (journalId: string, text: string) =>
  CommandHandler.handle(Journal, Note.make({ journalId, text }))

/** A letter for each deposit, and a note of the same commit. */
const thankful = saver((_, { accountId, amount }) => ({
  send: [send(`${accountId}.${amount}`), Note.make({ journalId: accountId, text: `thanks for ${amount}` })]
}))
/** A letter for each deposit. */
const writing = saver((_, { accountId, amount }) => ({ send: [send(`${accountId}.${amount}`)] }))

const targets = [Letter, Journal] as const
const thanking = ProcessManager.layer(thankful, targets)
const texts = Effect.map(log, (events) =>
  events.filter(({ type }) => type === "Noted").map(({ payload }): string => JSON.parse(payload).text)
)

describe.each(homes)("a process on $name", ({ make }) => {
  it.scoped("folds several streams into one state, one for each key, and goes on after a restart", () =>
    Effect.gen(function* () {
      const program = once(yield* make, ProcessManager.layer(saver(), targets))
      yield* program(
        Effect.gen(function* () {
          yield* deposited("alice", 100)
          yield* noted("alice", "saves")
          yield* deposited("bob", 5)
          yield* settled
        })
      )
      yield* program(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Account, withdraw("alice", 30))
          yield* noted("alice", "spends")
          yield* settled
          expect(yield* statesOf("saver")).toEqual({
            alice: { balance: 70, texts: ["saves", "spends"] },
            bob: { balance: 5, texts: [] }
          })
          expect(yield* stateOf("saver")).toMatchObject({ kind: "Process", status: "Live", position: 5 })
        })
      )
    })
  )

  it.scoped("sends the commands of a step as one commit, and knows what they were caused by", () =>
    Effect.gen(function* () {
      const program = once(yield* make, thanking)
      yield* program(
        Effect.gen(function* () {
          yield* deposited("alice", 7).pipe(Metadata.with({ actor: "alice", correlationId: "request" }))
          yield* settled
          const [cause, letter, note] = yield* log
          expect([letter?.type, note?.type]).toEqual(["Sent", "Noted"])
          const commandId = letter?.id.split("#", 1).join("") ?? ""
          expect(note?.id).toBe(`${commandId}#1`)
          const metadata = { actor: "alice", correlationId: "request", causationId: cause?.id, commandId }
          expect(JSON.parse(letter?.metadata ?? "")).toEqual(metadata)
          expect(JSON.parse(note?.metadata ?? "")).toEqual(metadata)
          expect(yield* kept("saver", "outgoing")).toEqual([])
        })
      )
    })
  )

  it.scoped.each([true, false])(
    "sends each command exactly once, wherever the program ends (that commit was written: %s)",
    (written) =>
      Effect.gen(function* () {
        const ends: Array<number> = []
        for (let last = 1, done = false; !done; last++) {
          const stack = yield* make
          const { layer, live } = dying(last, written)
          yield* once(stack, Layer.empty)(Effect.all([deposited("alice", 1), deposited("bob", 2)]))
          done = yield* live(once(stack, Layer.provide(thanking, layer))(settled))
          if (!done) ends.push(last)
          yield* once(
            stack,
            thanking
          )(
            Effect.gen(function* () {
              yield* settled
              expect((yield* sent).toSorted()).toEqual(["alice.1", "bob.2"])
              expect((yield* texts).toSorted()).toEqual(["thanks for 1", "thanks for 2"])
              expect(yield* kept("saver", "outgoing")).toEqual([])
              expect(yield* statesOf("saver")).toEqual({
                alice: { balance: 1, texts: ["thanks for 1"] },
                bob: { balance: 2, texts: ["thanks for 2"] }
              })
            })
          )
        }
        // The claim, two decisions, two letters, and what came of them.
        expect(ends.length).toBeGreaterThanOrEqual(7)
      })
  )

  it.scoped("sends what was decided, although the code that decided it has changed", () =>
    Effect.gen(function* () {
      const stack = yield* make
      const { layer, live } = dying(2, true)
      yield* once(stack, Layer.empty)(deposited("alice", 1))
      const ended = yield* live(
        once(stack, Layer.provide(ProcessManager.layer(writing, targets), layer))(settled)
      )
      expect(ended).toBe(false)
      const changed = saver((_, { accountId }) => ({ send: [send(`changed.${accountId}`)] }))
      yield* once(
        stack,
        ProcessManager.layer(changed, targets)
      )(
        Effect.gen(function* () {
          yield* settled
          yield* deposited("bob", 1)
          yield* settled
          expect(yield* sent).toEqual(["alice.1", "changed.bob"])
        })
      )
    })
  )

  it.scoped("sets refused commands aside, all of their step; what the same process sends later waits", () =>
    Effect.gen(function* () {
      const stack = yield* make
      const program = once(stack, thanking)
      yield* program(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Letter, send("alice.1"))
          yield* write(
            "Account-alice",
            [1, 2].map((amount) => ({
              type: "Deposited",
              payload: JSON.stringify({ accountId: "alice", amount })
            }))
          )
          yield* deposited("bob", 3)
          yield* settled
          yield* deposited("alice", 4)
          yield* settled
          expect(yield* sent).toEqual(["alice.1", "bob.3"])
          expect(yield* texts).toEqual(["thanks for 3"])
          expect(yield* Parked.list(thankful)).toMatchObject([
            {
              sequence: "alice",
              position: 2,
              event: "Send, Note (saver of alice)",
              cause: expect.stringContaining("AlreadySent"),
              attempts: 1
            },
            { sequence: "alice", event: "Deposited (Account-alice version 3)", attempts: 0 }
          ])
          expect((yield* Parked.list(thankful))[1]).not.toHaveProperty("cause")
          expect(yield* kept("saver", "outgoing")).toHaveLength(1)
          expect(yield* statesOf("saver")).toMatchObject({ alice: { balance: 3 }, bob: { balance: 3 } })
          expect(yield* stateOf("saver")).toMatchObject({ status: "Live", parked: 2, errors: 1 })
        })
      )
      // It still refuses, also after a restart; then it is cured.
      yield* program(
        Effect.gen(function* () {
          yield* settled
          expect(yield* Parked.retry(thankful)).toHaveLength(2)
          expect(yield* Parked.list(thankful)).toMatchObject([{ attempts: 2 }, { attempts: 0 }])
          expect(yield* sent).toEqual(["alice.1", "bob.3"])
        })
      )
      const lenient = {
        ...Letter,
        decide: (_: unknown, command: Send) =>
          Aggregate.decide(Letter, "draft", command, { now: 0, id: String })
      }
      yield* once(
        stack,
        ProcessManager.layer(thankful, [lenient, Journal])
      )(
        Effect.gen(function* () {
          yield* Parked.retry(thankful)
          yield* settled
          expect(yield* Parked.list(thankful)).toEqual([])
          expect(yield* sent).toEqual(["alice.1", "bob.3", "alice.1", "alice.2", "alice.4"])
          expect(yield* texts).toEqual(["thanks for 3", "thanks for 1", "thanks for 2", "thanks for 4"])
          expect(yield* kept("saver", "outgoing")).toEqual([])
          expect(yield* statesOf("saver")).toMatchObject({ alice: { balance: 7 } })
        })
      )
    })
  )

  it.scoped("goes on behind what is discarded, when it is tried again", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        ProcessManager.layer(writing, targets)
      )(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Letter, send("alice.1"))
          yield* deposited("alice", 1)
          yield* settled
          yield* deposited("alice", 2)
          yield* settled
          expect(yield* Parked.discard(writing, { limit: 1 }, "sent by hand")).toHaveLength(1)
          expect(yield* sent).toEqual(["alice.1"])
          yield* Parked.retry(writing)
          yield* settled
          expect(yield* sent).toEqual(["alice.1", "alice.2"])
          expect(yield* Parked.discarded(writing)).toMatchObject([{ discarded: "sent by hand" }])
          expect(yield* statesOf("saver")).toMatchObject({ alice: { balance: 3 } })
        })
      )
    })
  )

  it.scoped("that is over is forgotten; it begins anew", () => {
    const Saver = Process.make("saver", savings).on({
      Deposited: (state, { amount }) => ({ state: { ...state, balance: state.balance + amount } }),
      Withdrawn: (_, { accountId }) => ({ ends: true, send: [send(`bye.${accountId}`)] }),
      Noted: () => ({})
    })
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        ProcessManager.layer(Saver, targets)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 5)
          yield* CommandHandler.handle(Account, withdraw("alice", 1))
          yield* settled
          expect(yield* statesOf("saver")).toEqual({})
          expect(yield* sent).toEqual(["bye.alice"])
          yield* deposited("alice", 2)
          yield* settled
          expect(yield* statesOf("saver")).toMatchObject({ alice: { balance: 2 } })
        })
      )
    })
  })

  const faulty = (state: Schema.Schema<{ readonly balance: number }>, step: (amount: number) => number) =>
    Process.make("saver", {
      state,
      initial: { balance: 0 },
      events: [Deposited, Noted],
      commands: [Send],
      key: (event) => (event._tag === "Noted" ? event.journalId : event.accountId)
    }).on({
      Deposited: (_, { amount }) => ({ state: { balance: step(amount) } }),
      Noted: (state, { journalId }) => ({ state, send: [send(journalId)] })
    })
  const balance = Schema.Struct({ balance: Schema.Int })

  it.scoped.each([
    {
      what: "whose handler throws",
      process: faulty(balance, () => {
        throw new Error("boom")
      }),
      cause: "boom"
    },
    {
      what: "whose state does not encode",
      process: faulty(balance, () => 0.5),
      cause: "the state cannot be stored"
    }
  ])("$what sets the event aside, and the later ones of that process only", ({ cause, process }) =>
    Effect.gen(function* () {
      const stack = yield* make
      yield* once(
        stack,
        ProcessManager.layer(process, [Letter])
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          yield* noted("alice", "waits")
          yield* noted("bob", "goes on")
          yield* settled
          expect(yield* Parked.list(process)).toMatchObject([
            {
              sequence: "alice",
              event: "Deposited (Account-alice version 1)",
              cause: expect.stringContaining(cause)
            },
            { sequence: "alice", event: "Noted (Journal-alice version 1)", attempts: 0 }
          ])
          expect(yield* sent).toEqual(["bob"])
        })
      )
      yield* once(
        stack,
        ProcessManager.layer(
          faulty(balance, (amount) => amount),
          [Letter]
        )
      )(
        Effect.gen(function* () {
          yield* Parked.retry(process)
          yield* settled
          expect(yield* sent).toEqual(["bob", "alice"])
          expect(yield* statesOf("saver")).toMatchObject({ alice: { balance: 1 } })
        })
      )
    })
  )

  it.scoped("whose state was stored in another shape sets the event aside", () =>
    Effect.gen(function* () {
      const stack = yield* make
      yield* once(
        stack,
        ProcessManager.layer(saver(), targets)
      )(Effect.zipRight(deposited("alice", 1), settled))
      const text = Schema.Struct({ balance: Schema.String })
      const Changed = Process.make("saver", { ...savings, state: text, initial: { balance: "" } }).on({
        Deposited: (state) => ({ state }),
        Withdrawn: (state) => ({ state }),
        Noted: (state) => ({ state })
      })
      yield* once(
        stack,
        ProcessManager.layer(Changed, targets)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          yield* settled
          expect(yield* Parked.list(Changed)).toMatchObject([
            { sequence: "alice", cause: expect.stringContaining("the state that was stored does not decode") }
          ])
        })
      )
    })
  )

  it.scoped("whose commands nobody handles any more has them set aside", () => {
    const fewer = Process.make("saver", { ...savings, commands: [Send] }).on({
      Deposited: (state) => ({ state }),
      Withdrawn: (state) => ({ state }),
      Noted: (state) => ({ state })
    })
    return Effect.gen(function* () {
      const stack = yield* make
      const { layer, live } = dying(2, true)
      yield* once(stack, Layer.empty)(deposited("alice", 1))
      yield* live(once(stack, Layer.provide(thanking, layer))(settled))
      yield* once(
        stack,
        ProcessManager.layer(fewer, [Letter])
      )(
        Effect.gen(function* () {
          yield* settled
          expect(yield* Parked.list(thankful)).toMatchObject([
            {
              cause: expect.stringContaining("nobody handles Note any more"),
              event: "Send, Note (saver of alice)"
            }
          ])
          expect(yield* sent).toEqual([])
        })
      )
    })
  })

  it.scoped("without a key that can be noted sets the event aside with its stream", () => {
    const keyed = (key: (amount: number) => string) =>
      Process.make("keyed", {
        ...savings,
        events: [Deposited],
        key: ({ amount }) => key(amount)
      }).on({ Deposited: (state, { accountId }) => ({ state, send: [send(accountId)] }) })
    const broken = keyed((amount) => {
      if (amount === 1) throw new Error("no key")
      return amount === 2 ? "\ud800" : ""
    })
    return Effect.gen(function* () {
      const stack = yield* make
      yield* once(
        stack,
        ProcessManager.layer(broken, targets)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          yield* deposited("bob", 2)
          yield* deposited("carol", 3)
          yield* settled
          expect(yield* Parked.list(broken)).toMatchObject([
            { sequence: "Account-alice", cause: "Error: no key" },
            { sequence: "Account-bob", cause: expect.stringContaining("half a character") }
          ])
          expect(yield* sent).toEqual(["carol"])
          expect(Object.keys(yield* statesOf("keyed"))).toEqual([""])
        })
      )
      yield* once(
        stack,
        ProcessManager.layer(keyed(String), targets)
      )(
        Effect.gen(function* () {
          yield* Parked.retry(broken)
          yield* settled
          expect((yield* sent).toSorted()).toEqual(["alice", "bob", "carol"])
        })
      )
    })
  })

  it.scoped("whose step is beyond the limits sets the event aside, and nothing of the step is done", () => {
    const many = saver((_, { accountId, amount }) => ({
      send: Array.from({ length: amount }, (_, n) =>
        Note.make({ journalId: accountId, text: `${n}`.repeat(100) })
      )
    }))
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        ProcessManager.layer(many, targets)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 600)
          yield* deposited("bob", 9000)
          yield* deposited("carol", 2)
          yield* settled
          expect(yield* Parked.list(many)).toMatchObject([
            {
              sequence: "alice",
              event: expect.stringContaining("Note, Note"),
              cause: expect.stringContaining("TooLarge: a commit has 600 events")
            },
            {
              sequence: "bob",
              event: "Deposited (Account-bob version 1)",
              cause: expect.stringContaining("TooLarge: the commands have")
            }
          ])
          expect(yield* texts).toHaveLength(2)
          expect(yield* Parked.discard(many, {}, "too much")).toHaveLength(2)
        })
      )
    })
  })

  it.scoped("that is told to halt stops at a refusal, and tries it again at the next start", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const stack = yield* make
      const running = (most?: number) =>
        ProcessManager.layer(writing, targets, most === undefined ? { finally: "Halt" } : { most })
      yield* once(
        stack,
        running()
      )(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Letter, send("alice.1"))
          yield* deposited("alice", 1)
          const halted = yield* Effect.flip(settled)
          expect(halted.message).toContain("Send (saver of alice): AlreadySent")
          expect(yield* Parked.list(writing)).toEqual([])
        })
      )
      yield* once(
        stack,
        running(0)
      )(
        Effect.gen(function* () {
          expect((yield* Effect.flip(settled)).message).toContain("0 events are set aside already")
        })
      )
      expect(lines).toHaveLength(2)
      yield* once(
        stack,
        running(1)
      )(
        Effect.gen(function* () {
          yield* settled
          expect(yield* Parked.list(writing)).toHaveLength(1)
        })
      )
    }).pipe(Effect.provide(logger))
  })

  it.scoped(
    "sends under an id of its own for each event, and under another one when somebody has taken that",
    () =>
      Effect.gen(function* () {
        const stack = yield* make
        yield* once(
          stack,
          Layer.empty
        )(
          Effect.zipRight(
            deposited("alice", 1),
            CommandHandler.handle(Account, deposit("bob", 2), { commandId: "saver@1" })
          )
        )
        const events = yield* once(
          stack,
          ProcessManager.layer(writing, targets)
        )(Effect.zipRight(settled, log))
        const sent = events.filter(({ type }) => type === "Sent")
        expect(sent.map(({ id }) => id)).toEqual(["saver@1'#0", "saver@2#0"])
      })
  )

  it.scoped("one event and one command cost few statements", () => {
    const asked = { append: 0, stream: 0, log: 0, notes: 0 }
    const counting = Layer.merge(
      wrapped(EventStore.EventStore, (store) => ({
        ...store,
        append: (...args) =>
          Effect.zipRight(
            Effect.sync(() => (asked.append += 1)),
            store.append(...args)
          ),
        readPast: (query) =>
          Effect.zipRight(
            Effect.sync(() => (asked.stream += 1)),
            store.readPast(query)
          ),
        readAll: (query) =>
          Effect.zipRight(
            Effect.sync(() => (asked.log += 1)),
            store.readAll(query)
          )
      })),
      wrapped(Notes.Notes, (notes) => ({
        ...notes,
        find: (query) =>
          Effect.zipRight(
            Effect.sync(() => (asked.notes += 1)),
            notes.find(query)
          )
      }))
    )
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        Layer.provide(ProcessManager.layer(writing, targets), counting)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          yield* settled
          Object.assign(asked, { append: 0, stream: 0, log: 0, notes: 0 })
          yield* deposited("alice", 2)
          yield* settled
          // The state and the letter are read; the step, the letter, and that its own event is of no interest, written.
          expect(asked).toMatchObject({ append: 3, notes: 2, stream: 1 })
          expect(asked.log).toBeLessThanOrEqual(2)
        })
      )
    })
  })

  it.scoped("somebody else writes to the same stream, or nobody knows what became of it: sent once", () => {
    let trouble = 0
    const unlucky = through((commit, write) =>
      commit.parts.length === 0 || trouble++ > 1
        ? write
        : Effect.zipRight(write, StoreError.make("OutcomeUnknown", "the answer was lost"))
    )
    return Effect.gen(function* () {
      yield* hurry
      yield* once(
        yield* make,
        Layer.provide(thanking, unlucky)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          yield* settled
          expect(yield* sent).toEqual(["alice.1"])
          expect(yield* texts).toEqual(["thanks for 1"])
          expect(trouble).toBeGreaterThan(1)
        })
      )
    })
  })
})
