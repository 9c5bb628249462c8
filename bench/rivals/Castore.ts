/**
 * Castore, in memory: it has no store on SQLite. State is a reducer's, and a command pushes the next version of an
 * aggregate. The row of an account is written when an event was pushed.
 */
import { Command, EventStore, EventType, tuple } from "@castore/core"
import { InMemoryEventStorageAdapter } from "@castore/event-storage-adapter-in-memory"
import { accounts, deposit } from "../Account.ts"
import { history, inTurns } from "../Deposits.ts"
import * as Recipients from "../Recipients.ts"
import type { Open } from "../Row.ts"
import * as Counted from "./Counted.ts"

/** Several events of an aggregate are pushed as a group. */
export const append: Open = () => {
  const { events, storage } = bank()
  const next = inTurns(accounts("appended", 1000))
  const single = async () => {
    const { accountId, version } = next(1)
    await events.pushEvent(deposited(accountId, version + 1))
  }
  const group = async (size: number) => {
    const { accountId, count, version } = next(size)
    const [first, ...others] = Array.from({ length: count }, (_, index) =>
      events.groupEvent(deposited(accountId, version + 1 + index))
    )
    if (first !== undefined) await EventStore.pushEventGroup(first, ...others)
  }
  return Promise.resolve(
    Counted.contender(
      0,
      {
        "1 event": { deposits: 1, run: single },
        "100 events": { deposits: 100, run: () => group(100) },
        "1,000 events": { deposits: 1000, run: () => group(1000) }
      },
      () => Object.values(storage.eventStore).reduce((sum, pushed) => sum + pushed.length, 0)
    )
  )
}

export const command: Open<"1 caller" | "1,000 callers, 1,000 streams"> = async ({ plan }) => {
  const { crowd, fresh, next } = Recipients.make(plan["1 caller"])
  const { events, pay, rows } = bank()
  const send = (accountId: string) => pay.handler(deposit(accountId), [events])
  for (const { accountId } of history([...fresh, ...crowd], Counted.before)) await send(accountId)
  return Counted.contender(
    (fresh.length + crowd.length) * Counted.before,
    {
      "1 caller": { deposits: 1, run: () => send(next()) },
      "1,000 callers, 1,000 streams": { deposits: 1000, run: () => Promise.all(crowd.map(send)) }
    },
    () => [...rows.values()].reduce((sum, { balance }) => sum + balance, 0)
  )
}

// internal

interface Account {
  readonly aggregateId: string
  readonly version: number
  readonly balance: number
}

interface Deposited {
  readonly aggregateId: string
  readonly version: number
  readonly type: "Deposited"
  readonly payload: ReturnType<typeof deposit>
}

const deposited = (accountId: string, version: number): Deposited => ({
  aggregateId: accountId,
  version,
  type: "Deposited",
  payload: deposit(accountId)
})

const evolve = (account: Account | undefined, { aggregateId, payload, version }: Deposited): Account => ({
  aggregateId,
  version,
  balance: (account?.balance ?? 0) + payload.amount
})

const bank = () => {
  const rows = new Map<string, { readonly balance: number; readonly deposits: number }>()
  const storage = new InMemoryEventStorageAdapter()
  const events = new EventStore<Account, Deposited>({
    eventStoreId: "ACCOUNTS",
    eventTypes: [new EventType({ type: "Deposited" })],
    reducer: evolve,
    eventStorageAdapter: storage,
    onEventPushed: ({ event: { aggregateId, payload } }) => {
      const row = rows.get(aggregateId)
      rows.set(aggregateId, {
        balance: (row?.balance ?? 0) + payload.amount,
        deposits: (row?.deposits ?? 0) + 1
      })
      return Promise.resolve()
    }
  })
  const pay = new Command({
    commandId: "PAY",
    requiredEventStores: tuple(events),
    handler: async (input: ReturnType<typeof deposit>, [accounts]) => {
      const { aggregate } = await accounts.getAggregate(input.accountId)
      await accounts.pushEvent(
        { ...deposited(input.accountId, (aggregate?.version ?? 0) + 1), payload: input },
        aggregate === undefined ? {} : { prevAggregate: aggregate }
      )
    }
  })
  return { events, pay, rows, storage }
}
