/** Emmett in memory, with its CommandHandler and its projections into documents. */
import {
  CommandHandler,
  getInMemoryDatabase,
  getInMemoryEventStore,
  inlineProjections,
  inMemorySingleStreamProjection
} from "@event-driven-io/emmett"
import { accounts } from "../Account.ts"
import { inTurns } from "../Deposits.ts"
import * as Recipients from "../Recipients.ts"
import type { Open } from "../Row.ts"
import * as Counted from "./Counted.ts"
import { type Account, deposited, evolve, initialState, streamOf } from "./EmmettAccount.ts"

/** The setting in which nothing is projected. */
export const withoutRows = "memory, no projection"

export const append: Open = () => {
  const store = getInMemoryEventStore()
  const streams = accounts("appended", 1000)
  const next = inTurns(streams)
  const write = (size: number) => () => {
    const { accountId, count, version } = next(size)
    return store.appendToStream(streamOf(accountId), deposited(accountId, count), {
      expectedStreamVersion: BigInt(version)
    })
  }
  const length = async (accountId: string) =>
    Number((await store.readStream(streamOf(accountId))).currentStreamVersion)
  return Promise.resolve(
    Counted.contender(
      0,
      {
        "1 event": { deposits: 1, run: write(1) },
        "100 events": { deposits: 100, run: write(100) },
        "1,000 events": { deposits: 1000, run: write(1000) }
      },
      async () => sum(await Promise.all(streams.map(length)))
    )
  )
}

export const command: Open<"1 caller" | "1,000 callers, 1,000 streams"> = async ({ plan, setting }) => {
  const { crowd, fresh, next } = Recipients.make(plan["1 caller"])
  const everybody = [...fresh, ...crowd]
  const database = getInMemoryDatabase()
  const projections = setting === withoutRows ? [] : [balances]
  const store = getInMemoryEventStore({ database, projections: inlineProjections(projections) })
  for (const accountId of everybody) {
    await store.appendToStream(streamOf(accountId), deposited(accountId, Counted.before))
  }
  const handle = CommandHandler({ evolve, initialState, mapToStreamId: streamOf })
  const send = (accountId: string) => handle(store, accountId, () => deposited(accountId, 1))
  const state = async (accountId: string) =>
    (await store.aggregateStream(streamOf(accountId), { evolve, initialState })).state.balance
  const rows = async () =>
    sum((await database.collection<Account>(collection).find()).map(({ balance }) => balance))
  return Counted.contender(
    everybody.length * Counted.before,
    {
      "1 caller": { deposits: 1, run: () => send(next()) },
      "1,000 callers, 1,000 streams": { deposits: 1000, run: () => Promise.all(crowd.map(send)) }
    },
    setting === withoutRows ? async () => sum(await Promise.all(everybody.map(state))) : rows
  )
}

// internal

const collection = "balances"

const balances = inMemorySingleStreamProjection({
  collectionName: collection,
  canHandle: ["Deposited"],
  initialState,
  evolve
})

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0)
