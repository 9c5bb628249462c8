/** A read model with a table of its own: what was paid in and out of each account. */
import { ReadDb, TableProjection } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { Account } from "../../Bank.ts"

const add = (accountId: string, amount: number) =>
  Effect.flatMap(
    ReadDb.ReadDb,
    (sql) =>
      sql`insert into sums values (${accountId}, ${amount})
        on conflict (account) do update set total = total + excluded.total`
  )

/** Adds every event once, or the sums are wrong. */
export const Sums = TableProjection.make("sums", {
  events: Account.events,
  setup: Effect.flatMap(
    ReadDb.ReadDb,
    (sql) => sql`create table sums (account text primary key, total integer not null) strict`
  )
}).on({
  Deposited: ({ accountId, amount }) => add(accountId, amount),
  Withdrawn: ({ accountId, amount }) => add(accountId, -amount)
})

/** What the table says. */
export const sums: Effect.Effect<ReadonlyMap<string, number>, unknown, ReadDb.ReadDb> = Effect.flatMap(
  ReadDb.ReadDb,
  (sql) =>
    Effect.map(
      sql<{ account: string; total: number }>`select account, total from sums`,
      (rows) => new Map(rows.map(({ account, total }) => [account, total]))
    )
)
