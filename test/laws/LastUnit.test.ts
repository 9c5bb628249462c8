import { CommandHandler, type EventStore, History } from "everfold"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, it } from "vitest"
import { Allocate, CreateBatch } from "../../src/Domain/Allocation/Commands.ts"
import { Stock } from "../../src/Domain/Allocation/Stock.ts"
import { BatchRef, OrderId, Sku } from "../../src/Domain/Allocation/Values.ts"
import { commandsOn, folder, sqliteIn } from "../Layers/Stacks.ts"

const races = 1000

/** A program on the files of a folder; what the log refuses it is counted. */
const program = (directory: string, conflicts: Set<string>) =>
  Layer.build(
    Layer.provideMerge(
      commandsOn((log) => ({
        ...log,
        append: (commit, queued) =>
          Effect.tapErrorTag(log.append(commit, queued), "VersionConflict", ({ stream }) =>
            Effect.sync(() => conflicts.add(stream))
          )
      })),
      sqliteIn(directory)
    )
  )

type Program = Context.Context<CommandHandler.CommandHandler | EventStore.EventStore>

const create = (program: Program, sku: Sku) =>
  CommandHandler.handle(Stock, CreateBatch.make({ sku, batchRef: BatchRef.make("shelf"), quantity: 1 })).pipe(
    Effect.provide(program)
  )

/** What the receipt of whoever wants one says. */
const want = (program: Program, sku: Sku, orderId: string) =>
  CommandHandler.handle(Stock, Allocate.make({ sku, orderId: OrderId.make(orderId), quantity: 1 })).pipe(
    Effect.map(({ events }) => events.map(({ event }) => event._tag)),
    Effect.provide(program)
  )

it(
  "gives the last unit to one of two orders, in two programs on one file, in each of 1,000 races",
  { timeout: 120_000 },
  async () => {
    const conflicts = new Set<string>()
    const wins = { one: 0, other: 0 }
    await Effect.gen(function* () {
      const directory = yield* folder
      const one = yield* program(directory, conflicts)
      const other = yield* program(directory, conflicts)
      const skus = Array.from({ length: races }, (_, n) => Sku.make(`lamp-${n}`))
      yield* Effect.forEach(skus, (sku, n) => create(n % 2 === 0 ? one : other, sku), { concurrency: 100 })

      const race = (sku: Sku) =>
        Effect.gen(function* () {
          const orders = [want(one, sku, "ann"), want(other, sku, "bob")] as const
          const receipts = yield* Effect.all(orders, { concurrency: 2 })
          expect(receipts.flat().sort()).toEqual(["Allocated", "OutOfStock"])
          wins[receipts[0].includes("Allocated") ? "one" : "other"] += 1
          const history = yield* Effect.provide(History.of(Stock, sku), one)
          expect(history.map(({ event }) => event._tag)).toEqual(["BatchCreated", "Allocated", "OutOfStock"])
        })
      // Some at a time, so that they share their commits.
      yield* Effect.forEach(skus, race, { concurrency: 25 })
    }).pipe(Effect.scoped, Effect.runPromise)
    console.log(
      `${races} races: won by one ${wins.one}, by the other ${wins.other}; in ${conflicts.size} of them the log refused a commit`
    )
    expect(wins.one + wins.other).toBe(races)
    expect(conflicts.size).toBeGreaterThan(200)
  }
)
