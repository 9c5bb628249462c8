/** Random histories of pages, some of which fail: rows are what the events lead to, whatever is remembered of them. */
import { MemoryReadModel, Projection, ProjectionStore, StoreError } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import { expect, it } from "vitest"
import * as Folding from "../../src/Layers/Folding.ts"
import { Balances, deposited } from "../Bank.ts"
import { folder } from "../Layers/Stacks.ts"

const { array, assert, asyncProperty, constantFrom, integer, record } = FastCheck

type Store = Context.Tag.Service<typeof ProjectionStore.ProjectionStore>

const names = ["alice", "bob", "carol", "dave"]

const events = Array.from({ length: 200 }, (_, n) => ({
  ...Either.getOrThrow(Balances.codec.encode(deposited(names[(n * n + n) % 5] ?? "dave", n + 1))),
  id: `command-${n}#0`,
  stream: "Account-all",
  version: n + 1,
  position: n + 1,
  recordedAt: n + 1,
  metadata: "{}"
}))

const step = record({
  size: integer({ min: 1, max: 5 }),
  fault: constantFrom(
    ...(["none", "none", "none", "none"] as const),
    ...(["handler", "unread", "refused", "lost", "interrupted", "rebuilt", "taken over"] as const)
  )
})
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never

/** Takes a row away now and then, and fails where it is told to. */
const projectionOf = (name: string, fails: (position: number) => boolean): typeof Balances => ({
  ...Balances,
  // The type of a name is its own text.
  ...({ name } as { readonly name: "balances" }),
  apply: (row, recorded) => {
    if (fails(recorded.position)) throw new Error("boom")
    return recorded.position % 7 === 0 ? undefined : Balances.apply(row, recorded)
  }
})

/** A store that does what it is told to, or not, or does not say that it did. */
const faulty = (store: Store, fault: () => Step["fault"], read: () => void): Store => ({
  ...store,
  rows: (generation, keys) => {
    read()
    return fault() === "unread" ? Effect.fail(busy) : store.rows(generation, keys)
  },
  write: (batch) => {
    if (fault() === "refused") return Effect.fail(busy)
    if (fault() === "lost") return Effect.zipRight(store.write(batch), Effect.fail(unknown))
    if (fault() === "interrupted") return Effect.zipRight(store.write(batch), Effect.interrupt)
    return store.write(batch)
  }
})

const busy = StoreError.make("Busy", "for once")

const unknown = StoreError.make("OutcomeUnknown", "nobody knows")

let serial = 0

const play = (steps: ReadonlyArray<Step>, store: Store, count: (what: string) => void) =>
  Effect.gen(function* () {
    let fault: Step["fault"] = "none"
    let failing = 0
    let epoch = 1
    let position = 0
    let reads = 0
    const projection = projectionOf(`history-${++serial}`, (position) => position === failing)
    const expected: Projection.Rows<{
      readonly accountId: string
      readonly balance: number
      readonly applied: number
    }> = new Map()
    const tellsLies = faulty(
      store,
      () => fault,
      () => void (reads += 1)
    )
    const claim = Effect.suspend(() => store.claim({ projection, log: "the log", epoch, head: 0 }))
    const { generation } = (yield* claim).current
    const open = () => Folding.open(tellsLies, projection, { epoch, generation })
    let folding = open()

    for (const { size, ...step } of steps) {
      ;({ fault } = step)
      const place = { from: position, to: position, time: position }
      const row = { accountId: "alice", balance: 1000 * position, applied: 0 }
      const changes = [{ key: "alice", row }]
      if (fault === "rebuilt" || fault === "taken over") expected.set("alice", row)
      if (fault === "rebuilt") yield* folding.write({ ...place, changes })
      if (fault === "taken over") {
        epoch += 1
        yield* claim
        yield* store.write({ ...place, projection, generation, epoch, changes })
      }

      const to = Math.min(events.length, position + size)
      const page = { after: position, to, time: to, events: events.slice(position, to) }
      failing = fault === "handler" ? to : 0
      reads = 0
      const outcome = yield* Effect.exit(folding.project(page))
      count(`${fault}: ${outcome._tag}`)
      if (Exit.isSuccess(outcome) && reads === 0) count("without a read")
      if (fault === "taken over") folding = open()

      failing = 0
      const reached = (yield* claim).current.position
      for (const stored of events.slice(position, reached)) {
        for (const one of Either.getOrThrow(projection.codec.decode(stored))) {
          Projection.step(projection, expected, one)
        }
      }
      position = reached
      const stored = yield* store.rows(generation, names)
      expect(stored).toEqual(new Map([...expected].filter(([, row]) => row !== undefined)))
    }
  })

it("no row is folded into what is not stored, whatever fails in between", async () => {
  const counts = new Map<string, number>()
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1)
  await Effect.runPromise(
    Effect.gen(function* () {
      const directory = yield* folder
      const memory = yield* Layer.build(MemoryReadModel.layer)
      const sqlite = yield* Layer.build(SqliteStack.readDatabase(join(directory, "read.db")))
      yield* Effect.promise(() =>
        assert(
          asyncProperty(array(step, { minLength: 20, maxLength: 40, size: "max" }), (steps) =>
            Effect.runPromise(
              Effect.forEach(
                [memory, Context.pick(ProjectionStore.ProjectionStore)(sqlite)],
                (context) => play(steps, Context.get(context, ProjectionStore.ProjectionStore), count),
                { discard: true }
              )
            )
          ),
          { numRuns: 40 }
        )
      )
    }).pipe(Effect.scoped)
  )
  console.log([...counts].map(([what, times]) => `${what} ${times}`).join(", "))
  for (const what of [
    ...["without a read", "none: Success", "rebuilt: Success"],
    ...["handler", "unread", "refused", "lost", "interrupted", "taken over"].map(
      (fault) => `${fault}: Failure`
    )
  ]) {
    expect(counts.get(what) ?? 0, what).toBeGreaterThan(9)
  }
})
