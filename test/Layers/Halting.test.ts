import { describe, expect, it } from "@effect/vitest"
import type { Engine, FailurePolicy } from "everfold"
import {
  CommandHandler,
  Projection,
  Projector,
  Reaction,
  Reactor,
  ReadModel,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Account, Balances, Deposited, Journal, Note, rowOf } from "../Bank.ts"
import { deposits, errors, log, recorder, stacks, stateOf, write } from "./Stacks.ts"

/** Nothing is tried again, and the first failure is the end. */
const atOnce: Partial<FailurePolicy.FailurePolicy> = { retry: Schedule.stop, finally: "Halt" }

type Faulty = (
  policy?: Partial<FailurePolicy.FailurePolicy>
) => Layer.Layer<Subscriptions.Running<"faulty">, Subscriptions.DuplicateSubscriber, Engine.Stack>

/** Everybody here stumbles over a deposit of 3, and not before. */
const stumble = (amount: number, how: () => Effect.Effect<unknown, unknown>) =>
  amount === 3 ? how() : Effect.void

const subscriber =
  (how: () => Effect.Effect<unknown, unknown>): Faulty =>
  (policy) =>
    Subscriber.layer(
      Subscriber.make("faulty", { events: [Deposited] }).on({
        Deposited: ({ amount }) => stumble(amount, how)
      }),
      policy
    )

const raise = (): never => {
  throw new TypeError("no such thing")
}

class Refused extends Schema.TaggedError<Refused>()("Refused", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

const Rows = Projection.make("faulty", {
  row: Schema.Struct({ sum: Schema.Int.pipe(Schema.lessThan(100)) }),
  events: [Deposited],
  key: (event) => event.accountId
})

const projection =
  (amount: (row: number | undefined, amount: number) => number): Faulty =>
  () =>
    Projector.layer(
      Rows.on({ Deposited: (row, event) => ({ sum: (row?.sum ?? 0) + amount(row?.sum, event.amount) }) })
    )

const reaction =
  (react: (amount: number) => Note): Faulty =>
  (policy) =>
    Reactor.layer(
      Reaction.make("faulty", { events: [Deposited], commands: [Note] }).on({
        Deposited: ({ amount }) => [react(amount)]
      }),
      [Journal],
      policy
    )

const note = (journalId: string) => Note.make({ journalId, text: "a deposit" })

const faults = [
  {
    who: "a subscriber",
    how: "fails",
    layer: subscriber(() => Effect.fail(new Refused({ reason: "no, not this" }))),
    cause: "Refused: no, not this"
  },
  {
    who: "a subscriber",
    how: "fails with a string",
    layer: subscriber(() => Effect.fail("no, not this")),
    cause: "no, not this"
  },
  {
    who: "a subscriber",
    how: "throws before it returns an Effect",
    layer: subscriber(raise),
    cause: "TypeError: no such thing"
  },
  {
    who: "a subscriber",
    how: "dies",
    layer: subscriber(() => Effect.sync(raise)),
    cause: "TypeError: no such thing"
  },
  {
    who: "a subscriber",
    how: "interrupts itself",
    layer: subscriber(() => Effect.interrupt),
    cause: /interrupt/i
  },
  {
    who: "a projection",
    how: "throws",
    layer: projection((_, amount) => (amount === 3 ? raise() : amount)),
    cause: "TypeError: no such thing"
  },
  {
    who: "a projection",
    how: "makes a row that its Schema refuses",
    layer: projection((_, amount) => (amount === 3 ? 1000 : amount)),
    cause: /less than 100/
  },
  {
    who: "a reaction",
    how: "throws",
    layer: reaction((amount) => (amount === 3 ? raise() : note("j"))),
    cause: "TypeError: no such thing"
  },
  {
    who: "a reaction",
    how: "sends to a stream without a name",
    layer: reaction((amount) => note(amount === 3 ? "a/b" : "j")),
    cause: /"Journal-a\/b" is no stream name/
  }
] as const

const cases = stacks.flatMap(({ layer: stack, name }) => faults.map((fault) => ({ ...fault, stack, name })))

describe("a projection whose handler fails halts alone, and says so; so does everybody whose policy it is", () => {
  it.effect.each(cases)("$who that $how, on $name", ({ cause, layer, stack }) => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      // One page: those before the failing event must not be lost with it.
      yield* deposits(1, 2, 3, 4)
      const others = recorder()
      yield* Effect.gen(function* () {
        const halted = yield* Effect.flip(Subscriptions.settled)
        expect(halted).toMatchObject({ _tag: "SubscriberHalted", subscriber: "faulty", position: 2 })

        const state = yield* stateOf("faulty")
        const [, second] = yield* log
        expect(state).toMatchObject({ status: "Halted", position: 2, event: second?.id })
        expect(state?.error).toContain("at position 3, Deposited (Account-alice version 3): ")
        expect(state?.error).toMatch(cause)

        expect(lines).toHaveLength(1)
        expect(lines[0]).toContain(`subscriber "faulty" has halted ${state?.error}. `)
        expect(lines[0]).toMatch(/start again/)
        expect(lines[0]).not.toContain("\n")

        const faulty = { name: "faulty" } as const
        yield* Subscriptions.reached(faulty, { position: 2 })
        const beyond = yield* Effect.flip(Subscriptions.reached(faulty, { position: 3 }))
        expect({ ...beyond }).toEqual({ ...halted })

        // The others go on, with what was there and with what comes.
        const receipt = yield* CommandHandler.handle(Account, {
          _tag: "Deposit",
          accountId: "alice",
          amount: 5
        })
        yield* Subscriptions.reached(others.subscriber, receipt)
        expect(others.seen).toEqual([1, 2, 3, 4, receipt.position])
        const { row } = yield* ReadModel.get(Balances, "alice", { atLeast: receipt })
        expect(rowOf({ row })).toEqual({ accountId: "alice", balance: 15, applied: 5 })
        expect(lines).toHaveLength(1)
      }).pipe(Effect.provide(Layer.mergeAll(layer(atOnce), others.layer, Projector.layer(Balances))))
    }).pipe(Effect.provide(stack), Effect.provide(logger))
  })
})

const parking = cases.filter(({ who }) => who !== "a projection")

describe("a subscriber or a reaction whose handler fails sets the event aside, and goes on with others", () => {
  it.effect.each(parking)("$who that $how, on $name", ({ cause, layer, stack }) => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* deposits(1, 2, 3, 4)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        // The failing event, and the later one of its stream, which waits behind it.
        const head = (yield* log).length
        const state = yield* stateOf("faulty")
        expect(state).toMatchObject({ status: "Live", position: head, parked: 2, errors: 1 })
        expect(state?.error).toContain("Deposited (Account-alice version 3): ")
        expect(state?.error).toMatch(cause)
        expect(lines).toEqual([])
      }).pipe(Effect.provide(layer({ retry: Schedule.stop })))
    }).pipe(Effect.provide(stack), Effect.provide(logger))
  })
})

const readers: ReadonlyArray<{
  readonly who: string
  readonly layer: ReturnType<Faulty>
}> = [
  { who: "a subscriber", layer: subscriber(() => Effect.void)() },
  { who: "a projection", layer: projection((_, amount) => amount)() },
  { who: "a reaction", layer: reaction(() => note("j"))() }
]

describe.each(stacks)("an event that does not decode, on $name", ({ layer: stack }) => {
  it.effect.each(readers)("halts $who, at this event", ({ layer }) => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* deposits(1, 2, "much", 4)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        expect(yield* stateOf("faulty")).toMatchObject({ status: "Halted", position: 2 })
        expect(lines).toHaveLength(1)
        expect(lines[0]).toMatch(
          /at position 3, Deposited \(Account-alice version 3\): CodecError: .*amount.*Expected number, actual "much"/
        )
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(stack), Effect.provide(logger))
  })
})

describe.each(stacks)("a halted projection on $name", ({ layer: stack }) => {
  const Halting = Rows.on({
    Deposited: (row, { amount }) => (amount === 3 ? raise() : { sum: (row?.sum ?? 0) + amount })
  })

  it.effect("answers what it has reached, and refuses at once what it has not", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2, 3, 4)
      yield* Effect.flip(Subscriptions.settled)
      const stale = yield* ReadModel.get(Halting, "alice", { atLeast: { position: 2 } })
      expect(rowOf(stale)).toEqual({ sum: 3 })
      expect(stale.asOf.position).toBe(2)
      const beyond = [
        yield* Effect.flip(ReadModel.get(Halting, "alice", { atLeast: { position: 3 } })),
        yield* Effect.flip(ReadModel.list(Halting, { atLeast: { position: 4 } })),
        yield* Effect.flip(ReadModel.count(Halting, { atLeast: { position: 5 } }))
      ]
      for (const error of beyond) expect(error).toMatchObject({ _tag: "SubscriberHalted", position: 2 })
    }).pipe(Effect.provide(Projector.layer(Halting)), Effect.provide(stack))
  )

  it.effect("whose rows were never complete shows none of them, and says how far it has got", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2, 3, 4)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        const hidden = yield* Effect.flip(ReadModel.get(Halting, "alice"))
        expect(hidden).toMatchObject({ _tag: "Rebuilding", projection: "faulty", position: 2, goal: 4 })
      }).pipe(Effect.provide(Projector.layer(Halting)))
    }).pipe(Effect.provide(stack))
  )

  it.effect("who waits already when it halts is told, and does not wait for ever", () =>
    Effect.gen(function* () {
      const waiting = yield* Effect.fork(Effect.flip(Subscriptions.reached(Halting, { position: 9 })))
      yield* Effect.yieldNow()
      yield* deposits(1, 2, 3, 4)
      expect(yield* Fiber.join(waiting)).toMatchObject({ _tag: "SubscriberHalted", position: 2 })
    }).pipe(Effect.provide(Projector.layer(Halting)), Effect.provide(stack))
  )

  it.effect("an event of a type that it is not on does not concern it", () =>
    Effect.gen(function* () {
      yield* write("Account-alice", [{ type: "Renamed", revision: 7, payload: "{}" }])
      yield* deposits(1)
      yield* Subscriptions.settled
      expect(yield* stateOf("faulty")).toMatchObject({ status: "Live", position: 2, error: undefined })
    }).pipe(Effect.provide(Projector.layer(Halting)), Effect.provide(stack))
  )
})
