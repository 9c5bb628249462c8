import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, Parked, Process, ProcessManager } from "everfold"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/TestClock"
import {
  Account,
  deposit,
  Deposited,
  Journal,
  Letter,
  Note,
  Noted,
  Send,
  Sent,
  withdraw,
  Withdrawn
} from "../Bank.ts"
import { dying, homes, kept, once, savings, sent, settled, statesOf } from "./Processes.ts"
import { listening, log, settle, stateOf, wrapped } from "./Stacks.ts"

const send = (letterId: string) => Send.make({ letterId })
const deposited = (accountId: string, amount: number) =>
  CommandHandler.handle(Account, deposit(accountId, amount))
const withdrawn = (accountId: string) => CommandHandler.handle(Account, withdraw(accountId, 1))
const noted = (journalId: string, text: string) =>
  CommandHandler.handle(Journal, Note.make({ journalId, text }))

/**
 * A reminder so many minutes after each deposit, unless something is withdrawn; a note names another reminder, due
 * in an hour. Closed, the account is forgotten.
 */
const Reminder = Process.make("saver", savings).on({
  Deposited: (state, { accountId, amount }) => ({
    state,
    timers: [Process.after(Duration.minutes(amount), "idle", send(`${accountId}.idle`))]
  }),
  Withdrawn: (state) => ({ state, cancel: ["idle", "never set"] }),
  Noted: (state, { journalId, text }) =>
    text === "close"
      ? { ends: true }
      : { state, timers: [Process.after("1 hour", text, send(`${journalId}.${text}`))] }
})
const reminding = ProcessManager.layer(Reminder, [Letter, Journal])

/** The names of the timers that the state of a process lists. */
const listed = (key: string) =>
  Effect.map(
    kept("saver", "state"),
    (notes): unknown => JSON.parse(notes.find((note) => note.key === key)?.value ?? "{}").timers
  )

/** Lets time pass, and whoever is woken by it do its work. */
const pass = (time: Duration.DurationInput) =>
  Effect.zipRight(TestClock.adjust(time), Effect.zipRight(settle, settled))

/** The time that each letter was recorded at, in minutes. */
const times = Effect.map(log, (events) =>
  events.filter(({ type }) => type === "Sent").map(({ recordedAt }) => recordedAt / 60_000)
)

describe.each(homes)("a timer on $name", ({ make }) => {
  it.scoped("sends its commands when it is due, not before, and is over then", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        reminding
      )(
        Effect.gen(function* () {
          yield* pass("10 minutes")
          const { heard } = yield* listening([Sent])
          yield* deposited("alice", 30)
          yield* settled
          expect(yield* listed("alice")).toEqual(["idle"])
          yield* pass(Duration.millis(30 * 60_000 - 1))
          expect(yield* sent).toEqual([])
          yield* TestClock.adjust("1 millis")
          const { event, metadata } = yield* Queue.take(heard)
          expect(event.letterId).toBe("alice.idle")
          const [cause] = yield* log
          expect(metadata).toMatchObject({
            causationId: cause?.id,
            correlationId: JSON.parse(cause?.metadata ?? "").correlationId
          })
          yield* settled
          expect(yield* times).toEqual([40])
          expect(yield* kept("saver", "timer")).toEqual([])
          expect(yield* listed("alice")).toEqual([])
          yield* pass("1 day")
          expect(yield* sent).toEqual(["alice.idle"])
        }).pipe(Effect.scoped)
      )
    })
  )

  it.scoped("that is cancelled sends nothing, and neither does one of a process that is over", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        reminding
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 5)
          yield* deposited("bob", 5)
          yield* noted("bob", "review")
          yield* deposited("carol", 5)
          yield* settled
          expect(yield* kept("saver", "timer")).toHaveLength(4)
          yield* withdrawn("alice")
          yield* noted("bob", "close")
          yield* settled
          expect(yield* kept("saver", "timer")).toHaveLength(1)
          expect(Object.keys(yield* statesOf("saver"))).toEqual(["alice", "carol"])
          yield* pass("2 hours")
          expect(yield* sent).toEqual(["carol.idle"])
        })
      )
    })
  )

  it.scoped("is replaced by one of the same name, and the last of a step counts", () => {
    const Twice = Process.make("saver", savings).on({
      Deposited: (state, { accountId, amount }) => ({
        state,
        timers: [1, amount].map((minutes) =>
          Process.after(Duration.minutes(minutes), "idle", send(`${accountId}.${minutes}`))
        )
      }),
      Withdrawn: (state) => ({ state }),
      Noted: (state) => ({ state })
    })
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        ProcessManager.layer(Twice, [Letter, Journal])
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 30)
          yield* settled
          yield* pass("20 minutes")
          yield* deposited("alice", 50)
          yield* settled
          expect(yield* kept("saver", "timer")).toHaveLength(1)
          yield* pass("49 minutes")
          expect(yield* sent).toEqual([])
          yield* pass("2 minutes")
          expect(yield* sent).toEqual(["alice.50"])
          expect(yield* times).toEqual([70])
        })
      )
    })
  })

  it.scoped("two that are due at the same time are both sent, each once", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        reminding
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 60)
          yield* noted("alice", "review")
          yield* deposited("bob", 60)
          yield* settled
          yield* pass("1 hour")
          expect((yield* sent).toSorted()).toEqual(["alice.idle", "alice.review", "bob.idle"])
          expect(yield* times).toEqual([60, 60, 60])
          yield* pass("1 hour")
          expect(yield* sent).toHaveLength(3)
        })
      )
    })
  )

  it.scoped("survives a restart; one that was due while the program was down is sent at the start", () =>
    Effect.gen(function* () {
      const program = once(yield* make, reminding)
      yield* program(Effect.all([deposited("alice", 30), deposited("bob", 90), settled]))
      yield* TestClock.adjust("1 hour")
      yield* program(
        Effect.gen(function* () {
          yield* settled
          yield* settle
          expect(yield* sent).toEqual(["alice.idle"])
          yield* pass("29 minutes")
          expect(yield* sent).toEqual(["alice.idle"])
          yield* pass("1 minutes")
          expect(yield* sent).toEqual(["alice.idle", "bob.idle"])
        })
      )
    })
  )

  it.scoped(
    "that was cancelled while the program was down is not sent, although it is due at the start",
    () =>
      Effect.gen(function* () {
        const stack = yield* make
        yield* once(stack, reminding)(Effect.all([deposited("alice", 30), settled]))
        yield* once(stack, Layer.empty)(withdrawn("alice"))
        yield* TestClock.adjust("1 hour")
        yield* once(
          stack,
          reminding
        )(
          Effect.gen(function* () {
            yield* settled
            yield* pass("1 hour")
            expect(yield* sent).toEqual([])
            expect(yield* kept("saver", "timer")).toEqual([])
          })
        )
      })
  )

  it.scoped.each([true, false])(
    "is sent once, wherever the program ends (that commit was written: %s)",
    (written) =>
      Effect.gen(function* () {
        const ends: Array<number> = []
        for (let last = 1, done = false; !done; last++) {
          const stack = yield* make
          const { layer, live } = dying(last, written)
          yield* once(stack, Layer.empty)(deposited("alice", 30))
          done = yield* live(
            once(stack, Layer.provide(reminding, layer))(Effect.zipRight(settled, pass("30 minutes")))
          )
          if (!done) ends.push(last)
          yield* once(
            stack,
            reminding
          )(
            Effect.gen(function* () {
              yield* settled
              yield* pass("1 hour")
              expect(yield* sent).toEqual(["alice.idle"])
              expect(yield* listed("alice")).toEqual([])
            })
          )
        }
        // The claim, the step, the timer, and that what came of it is of no interest.
        expect(ends.length).toBeGreaterThanOrEqual(4)
      })
  )

  /** A log that counts how often the subscriber reads it: once each time that it is woken. */
  const counting = () => {
    const counts = { reads: 0 }
    const layer = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      readAll: (query) =>
        Effect.zipRight(
          Effect.sync(() => (counts.reads += 1)),
          store.readAll(query)
        )
    }))
    return { counts, layer }
  }

  it.scoped("waits for 30 days without being woken more often than once a day", () => {
    const { counts, layer } = counting()
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        Layer.provide(reminding, layer)
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 30 * 24 * 60)
          yield* settled
          yield* settle
          const before = counts.reads
          // A real timer cannot wait for longer than 24.8 days, so that no sleep is longer.
          const now = yield* TestClock.currentTimeMillis
          const sleeps = [...(yield* TestClock.sleeps())].filter((time) => time - now < 1000 * 86_400_000)
          expect(sleeps).toEqual([86_400_000])
          const began = performance.now()
          yield* pass("30 days")
          expect(performance.now() - began).toBeLessThan(2_000)
          expect(yield* sent).toEqual(["alice.idle"])
          expect(yield* times).toEqual([30 * 24 * 60])
          expect(counts.reads - before).toBeGreaterThanOrEqual(30)
          expect(counts.reads - before).toBeLessThan(40)
        })
      )
    })
  })

  it.scoped("that waits behind something that is set aside does not keep the process awake", () => {
    const { counts, layer } = counting()
    return Effect.gen(function* () {
      const stack = yield* make
      yield* once(
        stack,
        Layer.provide(reminding, layer)
      )(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Letter, send("alice.first"))
          yield* noted("alice", "first")
          yield* deposited("alice", 120)
          yield* deposited("bob", 180)
          yield* settled
          yield* pass("1 hour")
          expect(yield* Parked.list(Reminder)).toMatchObject([
            {
              sequence: "alice",
              event: "Send (saver of alice)",
              cause: expect.stringContaining("AlreadySent")
            }
          ])
          yield* pass("1 hour")
          const before = counts.reads
          yield* pass("50 minutes")
          yield* pass("10 minutes")
          expect(yield* sent).toEqual(["alice.first", "bob.idle"])
          expect(counts.reads - before).toBeLessThan(5)
          expect(yield* kept("saver", "timer")).toHaveLength(1)
          expect(yield* stateOf("saver")).toMatchObject({ status: "Live", parked: 1 })
          yield* Parked.discard(Reminder, {}, "sent already")
          yield* settle
          yield* settled
          expect(yield* sent).toEqual(["alice.first", "bob.idle", "alice.idle"])
        })
      )
    })
  })

  it.scoped("more than fit into a page are all sent, though the first of them wait", () =>
    Effect.gen(function* () {
      const Many = Process.make("many", { ...savings, events: [Noted, Withdrawn, Deposited] }).on({
        Noted: (state, { journalId }) => ({
          state,
          timers: Array.from({ length: 240 }, (_, n) =>
            Process.after("1 hour", `${n}`, send(`${journalId}.${String(n).padStart(3, "0")}`))
          )
        }),
        Deposited: (state) => ({ state }),
        Withdrawn: (state) => ({ state })
      })
      yield* once(
        yield* make,
        ProcessManager.layer(Many, [Letter, Journal])
      )(
        Effect.gen(function* () {
          yield* CommandHandler.handle(Letter, send("alice.000"))
          yield* noted("alice", "many")
          yield* noted("bob", "many")
          yield* settled
          yield* pass("1 hour")
          const letters = yield* sent
          expect(letters.filter((id) => id.startsWith("bob"))).toHaveLength(240)
          expect(letters.filter((id) => id.startsWith("alice"))).toHaveLength(1)
          expect(yield* kept("many", "timer")).toHaveLength(239)
        })
      )
    })
  )

  it.scoped("there are no more of one process than one step can cancel", () => {
    const Many = Process.make("saver", savings).on({
      Noted: (state, { text }) => ({
        state,
        timers: Array.from({ length: 100 }, (_, n) =>
          Process.after("1 hour", `${text} ${n}`, send(`${text}.${n}`))
        )
      }),
      Deposited: (state) => ({ state }),
      Withdrawn: () => ({ ends: true })
    })
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        ProcessManager.layer(Many, [Letter, Journal])
      )(
        Effect.gen(function* () {
          yield* deposited("alice", 1)
          for (const text of ["a", "b", "c"]) yield* noted("alice", text)
          yield* settled
          expect(yield* Parked.list(Many)).toMatchObject([
            { sequence: "alice", cause: "StoreError: TooLarge: 300 timers; the limit is 248" }
          ])
          expect(yield* kept("saver", "timer")).toHaveLength(200)
          yield* Parked.discard(Many, {}, "too many")
          yield* withdrawn("alice")
          yield* settled
          expect(yield* kept("saver", "timer")).toEqual([])
        })
      )
    })
  })
})
