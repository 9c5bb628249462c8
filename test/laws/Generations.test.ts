/** Random histories of claims, builds and prunings: both read databases say the same, and what readers see is whole. */
import { MemoryReadModel, ProjectionStore, ReadModel } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import { expect, it } from "vitest"
import { folder } from "../Layers/Stacks.ts"

const { array, assert, asyncProperty, boolean, constant, constantFrom, integer, oneof, record } = FastCheck

const epoch = constantFrom(1, 1, 1, 2, 2, 3)
const log = constantFrom(...Array.from({ length: 7 }, () => "first"), "second")
const version = constantFrom(1, 2, 2, 2, 2, 3)
const step = oneof(
  {
    arbitrary: record({
      do: constant("claim" as const),
      version,
      log,
      epoch,
      head: integer({ min: 0, max: 5 })
    }),
    weight: 4
  },
  { arbitrary: record({ do: constant("begin" as const), version, log }), weight: 2 },
  {
    arbitrary: record({
      do: constant("write" as const),
      which: constantFrom(0, 0, 0, 1, 1, 2, 3),
      late: integer({ min: 0, max: 9 }).map((n) => n === 0),
      by: integer({ min: 0, max: 4 }),
      epoch: constantFrom(1, 2, 3, 3, 3),
      removes: boolean()
    }),
    weight: 12
  },
  { arbitrary: record({ do: constant("prune" as const), version }), weight: 1 }
)
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never

type Stores = ProjectionStore.ProjectionStore | ReadModel.ReadModel

/** Versions 1 and 2 have one shape, version 3 has another. */
const projectionOf = (name: string, version: number) => ({
  name,
  version,
  shape: version === 3 ? "round" : "square",
  indexes: ["number"],
  search: []
})

/** Where generations are as far as a history knows, and whose they are. */
interface Known {
  readonly version: number
  readonly log: string
  position: number
}

/** One step on one store; `known` is what was there before. */
const take = (step: Step, name: string, known: ReadonlyMap<number, Known>) =>
  Effect.gen(function* () {
    const store = yield* ProjectionStore.ProjectionStore
    switch (step.do) {
      case "claim": {
        const { epoch, head, log, version } = step
        return yield* store.claim({ projection: projectionOf(name, version), log, epoch, head })
      }
      case "begin":
        return yield* store.begin(projectionOf(name, step.version), step.log)
      case "prune":
        return yield* store.prune(projectionOf(name, step.version))
      case "write": {
        const [generation, build] = [...known].at(-1 - step.which) ?? [
          0,
          { version: 1, log: "", position: 0 }
        ]
        const from = build.position + (step.late ? 1 : 0)
        const to = from + step.by
        const row = { number: to, of: `${build.log} ${build.version}` }
        const changes = [
          { key: "row", row },
          { key: "now and then", row: step.removes ? undefined : row }
        ]
        const projection = projectionOf(name, build.version)
        return yield* store.write({ projection, generation, epoch: step.epoch, from, to, time: to, changes })
      }
    }
  })

/** What readers of each version are told, and that it is of one build and as of its position. */
const seen = (name: string) =>
  Effect.gen(function* () {
    const model = yield* ReadModel.ReadModel
    return yield* Effect.forEach([1, 2, 3], (version) =>
      Effect.gen(function* () {
        const projection = projectionOf(name, version)
        const page = yield* Effect.either(model.list(projection, { orderBy: "number" }))
        const counted = yield* Effect.either(model.count(projection, {}))
        const got = yield* Effect.either(model.get(projection, "row"))
        if (Either.isRight(page)) {
          const { asOf, rows } = page.right
          for (const { row } of rows) expect(row["of"]).toBe(rows[0]?.row["of"])
          expect(rows.find(({ key }) => key === "row")?.row["number"] ?? 0).toBe(asOf.position)
          if (version === 3) for (const { row } of rows) expect(row["of"]).toMatch(/3$/)
          else for (const { row } of rows) expect(row["of"]).not.toMatch(/3$/)
        }
        return { page, counted, got }
      })
    )
  })

/** What happened, so that a history in which nothing happens is no proof. */
const outcomeOf = (step: Step, outcome: Either.Either<unknown, { readonly _tag: string }>) =>
  `${step.do}: ${Either.isLeft(outcome) ? outcome.left._tag : "done"}`

let serial = 0

it("both read databases tell the same story, whatever happens to generations", async () => {
  const counts = new Map<string, number>()
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)

  const play = (steps: ReadonlyArray<Step>, stores: ReadonlyArray<Context.Context<Stores>>) =>
    Effect.gen(function* () {
      const name = `history-${++serial}`
      const known = new Map<number, Known>()
      const on = <A, E>(effect: Effect.Effect<A, E, Stores>) =>
        Effect.gen(function* () {
          const answers = yield* Effect.forEach(stores, (store) =>
            Effect.either(Effect.provide(effect, store))
          )
          const [first = Either.right(undefined), ...others] = answers
          for (const other of others) expect(other).toEqual(first)
          return first
        })
      const learn = (step: Step, generation: ProjectionStore.Generation | undefined) => {
        if (generation === undefined) return
        const before = known.get(generation.generation)
        if (step.do === "write" && generation.serving) count("write: seen")
        if (before !== undefined) before.position = generation.position
        else if (step.do === "claim" || step.do === "begin") {
          known.set(generation.generation, { ...step, position: generation.position })
        }
      }
      for (const step of steps) {
        const outcome = yield* on(take(step, name, known))
        count(outcomeOf(step, outcome))
        if (Either.isRight(outcome)) {
          const value = outcome.right
          if (typeof value === "number") count(`prune: ${value > 0 ? "something" : "nothing"}`)
          else if (value !== undefined && "current" in value) {
            learn(step, value.current)
            learn(step, value.next)
            if (value.next !== undefined) count("claim: two builds")
          } else learn(step, value)
        }
        const [first, second, third] = Either.getOrThrow(yield* on(seen(name))) ?? []
        for (const one of [first, second, third]) count(`read: ${one?.page._tag}`)
      }
    })

  await Effect.runPromise(
    Effect.gen(function* () {
      const directory = yield* folder
      const memory = yield* Layer.build(MemoryReadModel.layer)
      const sqlite = yield* Layer.build(SqliteStack.readDatabase(join(directory, "read.db")))
      const stores = [memory, Context.pick(ProjectionStore.ProjectionStore, ReadModel.ReadModel)(sqlite)]
      yield* Effect.promise(() =>
        assert(
          asyncProperty(array(step, { minLength: 30, maxLength: 60, size: "max" }), (steps) =>
            Effect.runPromise(play(steps, stores))
          ),
          { numRuns: 40 }
        )
      )
    }).pipe(Effect.scoped)
  )
  console.log([...counts].map(([what, times]) => `${what} ${times}`).join(", "))
  for (const what of [
    "claim: CheckpointMoved",
    "claim: two builds",
    "write: CheckpointMoved",
    "write: seen",
    "prune: something",
    "read: Left",
    "read: Right"
  ]) {
    expect(counts.get(what) ?? 0, what).toBeGreaterThan(2)
  }
})
