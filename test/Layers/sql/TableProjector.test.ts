import { describe, expect, it } from "@effect/vitest"
import { EventStore, Expected, Message, Subscriptions } from "everfold"
import { ReadDb, SqliteStack, TableProjection, TableProjector } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Stacks.ts"

class Sold extends Message.Struct<Sold>()("Sold", { shop: Schema.String, amount: Schema.Int }) {}

interface Options {
  readonly version?: number
  /** What the handler does with an event after it has counted it. */
  readonly then?: (event: Sold) => Effect.Effect<unknown, unknown, ReadDb.ReadDb>
}

/** Sums per shop and a table of all sales: what one row per key cannot say. */
const sales = ({ then = () => Effect.void, version = 1 }: Options = {}) =>
  TableProjection.make("sales", {
    events: [Sold],
    version,
    setup: Effect.gen(function* () {
      const sql = yield* ReadDb.ReadDb
      yield* sql`drop table if exists sums`
      yield* sql`drop table if exists sold`
      yield* sql`create table sums (shop text primary key, total integer not null) strict`
      yield* sql`create table sold (position integer not null, amount integer not null) strict`
    })
  }).on({
    Sold: (event, { position }) =>
      Effect.gen(function* () {
        const sql = yield* ReadDb.ReadDb
        yield* sql`insert into sums values (${event.shop}, ${event.amount * version})
          on conflict (shop) do update set total = total + excluded.total`
        yield* sql`insert into sold values (${position}, ${event.amount})`
        yield* then(event)
      })
  })

/** The projector on the files of a folder, until the scope closes. */
const run = (directory: string, options?: Options) => {
  const projection = sales(options)
  return Effect.map(
    Layer.build(
      TableProjector.layer(projection).pipe(
        Layer.provideMerge(SqliteStack.layer({ directory, durability: "NORMAL" })),
        Layer.provide(Logger.minimumLogLevel(LogLevel.None))
      )
    ),
    (context) => {
      const log = Context.get(context, EventStore.EventStore)
      const sql = Context.get(context, ReadDb.ReadDb)
      const sell = (...amounts: ReadonlyArray<number>) =>
        log.append({
          id: `sale-${++serial}`,
          metadata: {},
          parts: [
            {
              stream: "Shop-1",
              expected: Expected.any,
              events: amounts.map((amount) => ({
                type: "Sold",
                revision: 1,
                payload: JSON.stringify({ shop: "corner", amount })
              }))
            }
          ]
        })
      return {
        sql,
        sell,
        total: Effect.map(
          sql<{ total: number }>`select coalesce(sum(total), 0) as total from sums`,
          ([row]) => row?.total
        ),
        sold: Effect.map(sql<{ amount: number }>`select amount from sold order by position`, (rows) =>
          rows.map(({ amount }) => amount)
        ),
        position: Effect.map(
          sql<{ position: number }>`select position from generations where version = ${projection.version}`,
          ([row]) => row?.position
        ),
        reached: (position: number) =>
          Effect.provide(Subscriptions.reached(projection, { position }), context)
      }
    }
  )
}

let serial = 0

describe("a table projection", () => {
  it.scopedLive("counts each event once and moves with its position, over restarts", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      for (const n of [1, 2, 3]) {
        const seen = Effect.gen(function* () {
          const { position, reached, sell, total } = yield* run(directory)
          yield* sell(1, 10, 100)
          yield* reached(n * 3)
          expect([yield* total, yield* position]).toEqual([n * 111, n * 3])
        })
        yield* Effect.scoped(seen)
      }
    })
  )

  it.scopedLive("counts each event once, though two run it on one read database", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const [one, two] = [yield* run(directory), yield* run(directory)]
      for (let n = 0; n < 30; n++) yield* (n % 2 === 0 ? one : two).sell(1, 1)
      yield* one.reached(60)
      yield* two.reached(60)
      expect([yield* one.total, yield* one.position]).toEqual([60, 60])
      expect(yield* one.sold).toHaveLength(60)
    })
  )

  it.scopedLive("halts before the event at which its handler fails, and keeps nothing of it", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const failing: Options = {
        then: ({ amount }) => (amount === 13 ? Effect.fail("unlucky") : Effect.void)
      }
      const halted = Effect.gen(function* () {
        const { position, reached, sell, sold, total } = yield* run(directory, failing)
        yield* sell(1, 2, 13, 4)
        const error = yield* Effect.flip(reached(4))
        expect([error.subscriber, error.position]).toEqual(["sales", 2])
        expect(error.details).toContain("unlucky")
        expect([yield* total, yield* position, yield* sold]).toEqual([3, 2, [1, 2]])
        yield* sell(5)
        yield* Effect.flip(reached(5))
        expect(yield* sold).toEqual([1, 2])
      })
      yield* Effect.scoped(halted)
      const mended = yield* run(directory)
      yield* mended.reached(5)
      expect([yield* mended.total, yield* mended.sold]).toEqual([25, [1, 2, 13, 4, 5]])
    })
  )

  it.scopedLive("halts in the same way when its handler throws, or its SQL fails", () =>
    Effect.gen(function* () {
      const broken: ReadonlyArray<NonNullable<Options["then"]>> = [
        () => {
          throw new Error("a bug")
        },
        () => Effect.die("a bug"),
        () => Effect.flatMap(ReadDb.ReadDb, (sql) => sql`insert into nowhere values (1)`),
        () => Effect.flatMap(ReadDb.ReadDb, (sql) => sql`insert into sums values ('corner', 1)`)
      ]
      for (const then of broken) {
        const { position, reached, sell, sold } = yield* run(yield* folder, {
          then: (event) => (event.amount === 13 ? then(event) : Effect.void)
        })
        yield* sell(1, 13, 3)
        expect((yield* Effect.flip(reached(3))).position).toBe(1)
        expect([yield* sold, yield* position]).toEqual([[1], 1])
      }
    })
  )

  it.scopedLive("writes inside its handlers only: anywhere else the read database cannot be written", () =>
    Effect.gen(function* () {
      const { reached, sell, sql, total } = yield* run(yield* folder)
      yield* sell(1)
      yield* reached(1)
      for (const write of [
        sql`update sums set total = 100`,
        sql`delete from generations`,
        sql`create table mine (a)`,
        sql.withTransaction(sql`update sums set total = 100`)
      ]) {
        const error = yield* Effect.flip(write)
        expect(String(error.cause)).toMatch(/readonly/)
      }
      expect(yield* total).toBe(1)
    })
  )

  it.scopedLive("a handler's connection cannot be used once the transaction has ended", () =>
    Effect.gen(function* () {
      const late: Array<Effect.Effect<unknown, unknown>> = []
      const { reached, sell, total } = yield* run(yield* folder, {
        then: () =>
          Effect.gen(function* () {
            const sql = yield* ReadDb.ReadDb
            late.push(Effect.provide(sql`update sums set total = 100`, yield* Effect.context<never>()))
          })
      })
      yield* sell(1)
      yield* reached(1)
      expect(late).toHaveLength(1)
      for (const write of late) expect(String(yield* Effect.flip(write))).toContain("has ended")
      expect(yield* total).toBe(1)
    })
  )

  it.scopedLive("is built again from the first event when its version is raised", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const first = Effect.gen(function* () {
        const { reached, sell, total } = yield* run(directory)
        yield* sell(1, 2, 3)
        yield* reached(3)
        expect(yield* total).toBe(6)
      })
      yield* Effect.scoped(first)
      const { position, reached, sold, total } = yield* run(directory, { version: 2 })
      yield* reached(3)
      expect([yield* total, yield* position, yield* sold]).toEqual([12, 3, [1, 2, 3]])
    })
  )

  it.scopedLive("is built again when the log was put back from a plain copy", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const [log, copy] = [join(directory, "log.db"), join(yield* folder, "log.db")]
      const once = <A, E, R>(
        use: (program: Effect.Effect.Success<ReturnType<typeof run>>) => Effect.Effect<A, E, R>
      ) => Effect.scoped(Effect.flatMap(run(directory), use))
      const sells = (position: number, ...amounts: ReadonlyArray<number>) =>
        once(({ reached, sell }) => Effect.zipRight(sell(...amounts), reached(position)))
      yield* sells(1, 1)
      copyFileSync(log, copy)
      for (const position of [2, 3, 4]) yield* sells(position, 100)
      copyFileSync(copy, log)
      const { reached, sell, sold, total } = yield* run(directory)
      yield* sell(2, 3)
      yield* reached(3)
      expect([yield* total, yield* sold]).toEqual([6, [1, 2, 3]])
    })
  )

  it.scopedLive("a setup that fails leaves nothing behind, and is tried again at the next start", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const halted = Effect.gen(function* () {
        const broken = TableProjection.make("sales", {
          events: [Sold],
          setup: Effect.flatMap(ReadDb.ReadDb, (sql) =>
            Effect.zipRight(sql`create table sums (half text)`, sql`create nonsense`)
          )
        }).on({ Sold: () => Effect.void })
        const context = yield* Layer.build(
          TableProjector.layer(broken).pipe(
            Layer.provideMerge(SqliteStack.layer({ directory, durability: "NORMAL" })),
            Layer.provide(Logger.minimumLogLevel(LogLevel.None))
          )
        )
        const waiting = Effect.provide(Subscriptions.reached(broken, { position: 1 }), context)
        expect((yield* Effect.flip(waiting))._tag).toBe("SubscriberHalted")
        const sql = Context.get(context, ReadDb.ReadDb)
        expect(yield* sql`select name from sqlite_schema where name = 'sums'`).toEqual([])
      })
      yield* Effect.scoped(halted)
      const { reached, sell, total } = yield* run(directory)
      yield* sell(1)
      yield* reached(1)
      expect(yield* total).toBe(1)
    })
  )
})
