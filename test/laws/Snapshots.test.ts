import type { Engine } from "everfold"
import { Aggregate, CommandHandler, History, Ids, Message, Snapshots, StoreError } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import * as State from "../../src/Layers/State.ts"
import { logged, type Store, watched } from "../Layers/Kept.ts"
import { stacks } from "../Layers/Stacks.ts"

const { array, assert, asyncProperty, constant, constantFrom, integer, oneof, record } = FastCheck

const amount = { boxId: Schema.String, amount: Schema.Int }
class Put extends Message.Struct<Put>()("Put", amount) {}
class Take extends Message.Struct<Take>()("Take", amount) {}
class PutIn extends Message.Struct<PutIn>()("PutIn", amount) {}
class Taken extends Message.Struct<Taken>()("Taken", amount) {}
class TooLittle extends Schema.TaggedError<TooLittle>()("TooLittle", {}) {}

/** A box whose state tells its whole history, so that an event left out, doubled or turned round is seen. */
const box = (every: number, sample: number) =>
  Aggregate.make("Box", {
    events: [PutIn, Taken],
    commands: [Put, Take],
    state: Schema.Struct({ total: Schema.Int, amounts: Schema.Array(Schema.Int) }),
    initial: { total: 0, amounts: [] },
    id: ({ boxId }) => boxId,
    snapshot: { version: 1, every, sample }
  })
    .evolve({
      PutIn: ({ amounts, total }, { amount }) => ({ total: total + amount, amounts: [...amounts, amount] }),
      Taken: ({ amounts, total }, { amount }) => ({ total: total - amount, amounts: [...amounts, -amount] })
    })
    .decide({
      Put: ({ amount, boxId }) =>
        Array.from({ length: 1 + (amount % 3) }, () => PutIn.make({ boxId, amount })),
      Take: ({ amount, boxId }, { total }) =>
        total < amount ? new TooLittle() : [Taken.make({ boxId, amount })]
    })

const client = constantFrom(0, 1)
const amounts = integer({ min: 1, max: 20 })
const step = oneof(
  { weight: 4, arbitrary: record({ _tag: constant("put" as const), client, amount: amounts }) },
  { weight: 4, arbitrary: record({ _tag: constant("take" as const), client, amount: amounts }) },
  {
    weight: 2,
    arbitrary: record({ _tag: constant("both" as const), amounts: array(amounts, { maxLength: 6 }) })
  },
  { weight: 2, arbitrary: record({ _tag: constant("restart" as const), client }) },
  { weight: 1, arbitrary: record({ _tag: constant("go back" as const), to: integer({ min: 0, max: 9 }) }) },
  { weight: 1, arbitrary: record({ _tag: constant("plant" as const), ahead: integer({ min: -2, max: 2 }) }) },
  {
    weight: 2,
    arbitrary: record({
      _tag: constant("store" as const),
      mode: constantFrom("works", "works", "loses", "writes and fails", "cannot write", "cannot read", "dies")
    })
  }
)
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never
type Mode = Extract<Step, { readonly _tag: "store" }>["mode"]

const fails = StoreError.make("Unavailable", "out of order")

/** A store that is out of order in one way or another. */
const moody =
  (mode: () => Mode, tell: (what: string) => void) =>
  (store: Store): Store => {
    const write = (effect: Effect.Effect<void, StoreError.StoreError>) =>
      Effect.suspend(() => {
        switch (mode()) {
          case "loses":
            return Effect.void
          case "cannot write":
            return fails
          case "writes and fails":
            return Effect.zipRight(effect, fails)
          case "dies":
            return Effect.die("out of order")
          default:
            return effect
        }
      })
    return {
      load: (stream, key) =>
        mode() === "cannot read"
          ? fails
          : Effect.tap(store.load(stream, key), (found) =>
              Effect.sync(() => tell(Option.isSome(found) ? "with a snapshot" : "without a snapshot"))
            ),
      save: (all) => write(store.save(all)),
      discard: (stream) =>
        Effect.zipRight(
          Effect.sync(() => tell("discarded")),
          write(store.discard(stream))
        )
    }
  }

/** Plays the steps. After each, whoever loads the state must get what the whole history says. */
const play = (every: number, sample: number, steps: ReadonlyArray<Step>, tell: (what: string) => void) =>
  Effect.gen(function* () {
    const aggregate = box(every, sample)
    const boxId = yield* Ids.next
    const stream = Aggregate.stream(aggregate, boxId)
    const key = aggregate.snapshot?.key ?? ""
    const snapshots = yield* Snapshots.Snapshots
    const truth = History.stateAt(aggregate, boxId)
    let mode = "works" as Mode
    const { engine, saved } = yield* watched(moody(() => mode, tell))
    const clients = { even: yield* Layer.build(engine), odd: yield* Layer.build(engine) }
    const inClient = (index: number) => Effect.provide(index % 2 === 0 ? clients.even : clients.odd)
    const send = (index: number, command: Put | Take) =>
      CommandHandler.handle(aggregate, command).pipe(inClient(index))
    const earlier: Array<Parameters<Store["save"]>[0][number]> = []

    const take = (step: Step) =>
      Effect.gen(function* () {
        switch (step._tag) {
          case "put":
            return yield* send(step.client, Put.make({ boxId, amount: step.amount }))
          case "take": {
            const { total } = yield* truth
            const outcome = yield* Effect.either(send(step.client, Take.make({ boxId, amount: step.amount })))
            return expect(Either.isRight(outcome)).toBe(total >= step.amount)
          }
          case "both":
            return yield* Effect.forEach(
              step.amounts,
              (amount, index) => send(index, Put.make({ boxId, amount })),
              { concurrency: "unbounded" }
            )
          case "restart":
            clients[step.client === 0 ? "even" : "odd"] = yield* Layer.build(engine)
            return
          case "go back": {
            const snapshot = earlier[step.to % Math.max(1, earlier.length)]
            if (snapshot === undefined) return
            yield* snapshots.discard(stream)
            return yield* snapshots.save([snapshot])
          }
          case "plant": {
            const version = Math.max(1, (yield* truth).amounts.length + step.ahead)
            const state = JSON.stringify({ total: 1_000, amounts: [1_000] })
            yield* snapshots.discard(stream)
            return yield* snapshots.save([{ stream, key, version, last: "planted#0", state }])
          }
          case "store":
            mode = step.mode
            return
        }
      })

    for (const step of steps) {
      yield* take(step)
      yield* Effect.repeatN(Effect.yieldNow(), 3)
      earlier.push(...(yield* Queue.takeAll(saved)))
      tell(step._tag)
      const expected = yield* truth
      for (const index of [0, 1]) {
        const sources = yield* State.sources.pipe(inClient(index))
        const { state, version } = yield* State.load(sources, aggregate, stream)
        expect(state).toEqual(expected)
        expect(version).toBe(expected.amounts.length)
      }
    }
  }).pipe(Effect.scoped)

it.each(stacks)(
  "a state by its snapshot is the state of its whole history: $name",
  { timeout: 120_000 },
  async ({ layer }) => {
    const { layer: logger, lines } = logged()
    const counts = new Map<string, number>()
    const tell = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
    const history = array(step, { minLength: 10, maxLength: 30, size: "max" })
    const every = integer({ min: 1, max: 12 })
    await Effect.runPromise(
      Effect.gen(function* () {
        const context = yield* Effect.context<Engine.Stack>()
        yield* Effect.promise(() =>
          assert(
            asyncProperty(every, constantFrom(0, 0.5, 1), history, (every, sample, steps) =>
              Effect.runPromise(
                play(every, sample, steps, tell).pipe(Effect.provide(context), Effect.provide(logger))
              )
            ),
            { numRuns: 50 }
          )
        )
      }).pipe(Effect.provide(layer))
    )
    console.log([...counts].map(([what, count]) => `${what} ${count}`).join(", "))
    // No fold has changed.
    expect(lines.filter((line) => line.startsWith("ERROR"))).toEqual([])
    for (const what of ["with a snapshot", "without a snapshot", "discarded"]) {
      expect(counts.get(what), what).toBeGreaterThan(100)
    }
  }
)
