/**
 * Emmett on SQLite. A command goes through its CommandHandler, and the row of the account is an inline projection:
 * it is written in the transaction of the events.
 */
import { CommandHandler, inlineProjections, type ReadEvent } from "@event-driven-io/emmett"
import {
  getSQLiteEventStore,
  sqliteConnection,
  sqliteProjection,
  type SQLiteConnection
} from "@event-driven-io/emmett-sqlite"
import { join } from "node:path"
import { accounts } from "../Account.ts"
import { history, inTurns } from "../Deposits.ts"
import * as Recipients from "../Recipients.ts"
import type { Open, Place } from "../Row.ts"
import { durability } from "../Setting.ts"
import * as Counted from "./Counted.ts"
import { deposited, type Deposited, evolve, initialState, streamOf } from "./EmmettAccount.ts"

/** The setting of `command` in which Emmett opens a connection for each call, as it does if nobody asks for anything else. */
export const perCall = "FULL, a connection per call"

/** Appends without a projection. */
export const append: Open = async (place) => {
  const { connection, store } = await open(place)
  const next = inTurns(accounts("appended", 1000))
  const write = (size: number) => () => {
    const { accountId, count, version } = next(size)
    return store.appendToStream(streamOf(accountId), deposited(accountId, count), {
      expectedStreamVersion: BigInt(version)
    })
  }
  return Counted.contender(
    0,
    {
      "1 event": { deposits: 1, run: write(1) },
      "100 events": { deposits: 100, run: write(100) },
      "1,000 events": { deposits: 1000, run: write(1000) }
    },
    () => number(connection, "select count(*) as found from emt_messages")
  )
}

/**
 * A thousand callers come in groups of a hundred, and each group shares a transaction that is opened around it: the
 * fastest that works. Slower were callers one after the other, and all of them in one transaction. All at once, as
 * they come, share transactions by chance, are told of success before the commit, and fail with "cannot commit - no
 * transaction is active" when they are not all there from the beginning. With a connection per call those who come
 * together are refused with "cannot rollback - no transaction is active": that setting has a lone caller only.
 */
export const command: Open<"1 caller" | "1,000 callers, 1,000 streams"> = async (place) => {
  const { crowd, fresh, next } = Recipients.make(place.plan["1 caller"])
  const { connection, fileName, store } = await open(place, [balances])
  await connection.withTransaction(async () => {
    for (const accountId of [...fresh, ...crowd]) {
      await store.appendToStream(streamOf(accountId), deposited(accountId, Counted.before))
    }
  })
  const measured =
    place.setting === perCall
      ? getSQLiteEventStore({ fileName, projections: inlineProjections([balances]) })
      : store
  const handle = CommandHandler({ evolve, initialState, mapToStreamId: streamOf })
  const send = (accountId: string) => handle(measured, accountId, () => deposited(accountId, 1))
  const inGroups = async () => {
    for (let start = 0; start < crowd.length; start += 100) {
      const group = crowd.slice(start, start + 100)
      await connection.withTransaction(() => Promise.all(group.map(send)))
    }
  }
  return Counted.contender(
    (fresh.length + crowd.length) * Counted.before,
    {
      "1 caller": { deposits: 1, run: () => send(next()) },
      ...(place.setting === perCall
        ? {}
        : { "1,000 callers, 1,000 streams": { deposits: crowd.length, run: inGroups } })
    },
    () => number(connection, totalOfRows)
  )
}

/** Its consumer and a projection of its own, from the first event on. */
export const catchUp: Open<"20,000 events, 1,000 rows"> = async (place) => {
  const { connection, store } = await open(place)
  await createRows(connection)
  const deposits = history(accounts("paid", 1000), 20)
  await connection.withTransaction(async () => {
    for (const { accountId, count } of deposits) {
      await store.appendToStream(streamOf(accountId), deposited(accountId, count))
    }
  })
  let rebuilds = 0
  const rebuild = async () => {
    await connection.command("delete from balances")
    // All in one batch: it pauses between batches.
    const consumer = store.consumer({ pulling: { batchSize: deposits.length } })
    consumer.processor({
      processorId: `rebuild ${rebuilds++}`,
      projection: balances,
      stopAfter: ({ metadata }) => metadata.globalPosition === BigInt(deposits.length)
    })
    await consumer.start()
  }
  return Counted.contender(
    deposits.length,
    { "20,000 events, 1,000 rows": { deposits: 0, run: rebuild } },
    () => number(connection, totalOfRows)
  )
}

// internal

type Projection = ReturnType<typeof sqliteProjection>

const open = async ({ directory, setting }: Place, projections: ReadonlyArray<Projection> = []) => {
  const fileName = join(directory, "log.db")
  const connection = sqliteConnection({ fileName })
  await setDurability(connection, durability(setting))
  const store = getSQLiteEventStore({
    fileName,
    projections: inlineProjections([...projections]),
    connectionOptions: { singleton: true, connection }
  })
  await store.schema.migrate()
  return { connection, fileName, store }
}

const setDurability = async (connection: SQLiteConnection, wanted: "FULL" | "NORMAL") => {
  await connection.command(`pragma synchronous = ${wanted}`)
  const level = await connection.querySingle<{ synchronous: number }>("pragma synchronous")
  const mode = await connection.querySingle<{ journal_mode: string }>("pragma journal_mode")
  if (level?.synchronous !== { NORMAL: 1, FULL: 2 }[wanted] || mode?.journal_mode !== "wal") {
    throw new Error(`the file is not ${wanted} with a write-ahead log`)
  }
}

const createRows = (connection: SQLiteConnection) =>
  connection.command(
    "create table if not exists balances (account text primary key, balance integer, deposits integer) strict, without rowid"
  )

const upsert = `insert into balances (account, balance, deposits) values (?, ?, 1)
  on conflict (account) do update set balance = balance + excluded.balance, deposits = deposits + 1`

const balances = sqliteProjection<Deposited>({
  name: "balances",
  canHandle: ["Deposited"],
  init: ({ context }) => createRows(context.connection),
  handle: async (events: ReadonlyArray<ReadEvent<Deposited>>, { connection }) => {
    for (const { data } of events) await connection.command(upsert, [data.accountId, data.amount])
  }
})

const totalOfRows = "select total(balance) as found from balances"

const number = async (connection: SQLiteConnection, query: string): Promise<number> =>
  (await connection.querySingle<{ found: number }>(query))?.found ?? 0
