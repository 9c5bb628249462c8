/** Random histories of a process: events, programs that end at any commit, and time that passes. */
import { CommandHandler, Process, ProcessManager } from "everfold"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import { expect, it } from "vitest"
import { Account, deposit, Journal, Letter, Note, withdraw } from "../Bank.ts"
import type { Home } from "../Layers/Processes.ts"
import { dying, homes, kept, once, savings, settled, statesOf } from "../Layers/Processes.ts"
import { log, settle } from "../Layers/Stacks.ts"

const { array, assert, asyncProperty, boolean, constant, constantFrom, integer, oneof, record } = FastCheck

const accountId = constantFrom("alice", "bob")
const minutes = integer({ min: 1, max: 30 })
const step = oneof(
  { arbitrary: record({ do: constant("deposit" as const), accountId, minutes }), weight: 4 },
  { arbitrary: record({ do: constant("withdraw" as const), accountId }), weight: 2 },
  { arbitrary: record({ do: constant("pass" as const), minutes }), weight: 3 },
  { arbitrary: constant({ do: "settle" as const }), weight: 3 }
)
/** What happens while one program runs, and with which of its commits it ends. */
const life = record({
  steps: array(step, { maxLength: 8 }),
  last: integer({ min: 2, max: 14 }),
  written: boolean()
})
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never
type Life = typeof life extends FastCheck.Arbitrary<infer L> ? L : never

/** A note at once and another one some minutes after each deposit, unless there is another deposit or a withdrawal. */
const Saver = Process.make("saver", savings).on({
  Deposited: (state, { accountId, amount }, { position }) => ({
    state: { ...state, balance: state.balance + amount },
    send: [Note.make({ journalId: accountId, text: `now ${position}` })],
    timers: [
      Process.after(
        Duration.minutes(amount),
        "idle",
        Note.make({ journalId: accountId, text: `idle ${position}` })
      )
    ]
  }),
  Withdrawn: (state, { amount }) => ({
    state: { ...state, balance: state.balance - amount },
    cancel: ["idle"]
  }),
  Noted: (state, { text }) => ({ state: { ...state, texts: [...state.texts, text] } })
})
const running = ProcessManager.layer(Saver, [Journal, Letter])

const take = (step: Step) => {
  switch (step.do) {
    case "deposit":
      return CommandHandler.handle(Account, deposit(step.accountId, step.minutes))
    case "withdraw":
      return Effect.either(CommandHandler.handle(Account, withdraw(step.accountId, 1)))
    case "pass":
      return TestClock.adjust(Duration.minutes(step.minutes))
    case "settle":
      return settle
  }
}

/** What the log must hold of the process, and what is left when all time has passed. */
const judged = Effect.map(log, (events) => {
  const states: Record<string, { balance: number; texts: Array<string> }> = {}
  const pending = new Map<string, { readonly text: string; readonly due: number }>()
  const unsent = new Set<string>()
  const late = new Set<string>()
  const counts = { fired: 0, cancelled: 0 }
  for (const { payload, position, recordedAt, type } of events) {
    const data: { accountId: string; journalId: string; amount: number; text: string } = JSON.parse(payload)
    const key = type === "Noted" ? data.journalId : data.accountId
    const state = (states[key] ??= { balance: 0, texts: [] })
    if (type === "Noted") {
      state.texts.push(data.text)
      if (data.text.startsWith("now"))
        expect(unsent.delete(data.text), `${data.text} is sent once`).toBe(true)
      else {
        counts.fired += 1
        if (late.delete(data.text)) continue
        const timer = pending.get(key)
        expect(timer?.text, "only a timer that is set sends its commands").toBe(data.text)
        expect(recordedAt).toBeGreaterThanOrEqual(timer?.due ?? Infinity)
        pending.delete(key)
      }
      continue
    }
    const before = pending.get(key)
    if (before !== undefined) counts.cancelled += 1
    // What comes when a timer is due already may come before it or after it.
    if (before !== undefined && before.due <= recordedAt) late.add(before.text)
    pending.delete(key)
    state.balance += type === "Deposited" ? data.amount : -data.amount
    if (type !== "Deposited") continue
    unsent.add(`now ${position}`)
    pending.set(key, { text: `idle ${position}`, due: recordedAt + data.amount * 60_000 })
  }
  expect([...unsent, ...pending.values()], "everything that was decided is sent").toEqual([])
  return { states, counts }
})

const play = (home: Home, lives: ReadonlyArray<Life>) =>
  Effect.gen(function* () {
    const stack = yield* home.make
    let ends = 0
    for (const { last, steps, written } of lives) {
      const { died, layer } = dying(last, written)
      yield* once(stack, Layer.provide(running, layer))(Effect.forEach(steps, take, { discard: true }))
      if (yield* died) ends += 1
    }
    return yield* once(
      stack,
      running
    )(
      Effect.gen(function* () {
        yield* settled
        yield* TestClock.adjust("1 day")
        yield* settle
        yield* settled
        const { counts, states } = yield* judged
        expect(yield* statesOf("saver")).toEqual(states)
        expect([...(yield* kept("saver", "outgoing")), ...(yield* kept("saver", "timer"))]).toEqual([])
        expect(yield* kept("saver", "parked")).toEqual([])
        return { ...counts, ends }
      })
    )
  })

it.each(homes.map((home) => ({ home, name: home.name, numRuns: 40 })))(
  "whenever programs end and however time passes, a process does what it has decided once, on $name",
  async ({ home, numRuns }) => {
    const total = { fired: 0, cancelled: 0, ends: 0 }
    await assert(
      asyncProperty(array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
        const counts = await Effect.runPromise(
          play(home, lives).pipe(Effect.scoped, Effect.provide(TestContext.TestContext))
        )
        total.fired += counts.fired
        total.cancelled += counts.cancelled
        total.ends += counts.ends
      }),
      { numRuns }
    )
    console.log(JSON.stringify(total))
    for (const [what, times] of Object.entries(total)) expect(times, what).toBeGreaterThan(numRuns / 4)
  },
  120_000
)
