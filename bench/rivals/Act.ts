/**
 * Act, in memory or on its store on SQLite (libSQL). State is a patch, an action emits events, and a projection with
 * a batch handler writes the rows of the accounts, many in a transaction, whenever Act has settled. Its cache of
 * states is on, as it is by default.
 */
import { accounts, deposit } from "../Account.ts"
import { inTurns } from "../Deposits.ts"
import * as Recipients from "../Recipients.ts"
import type { Open, Place } from "../Row.ts"
import { memory } from "../Setting.ts"
import * as Counted from "./Counted.ts"
import * as Rows from "./Rows.ts"

/** Commits to the store, at the version that a stream has. */
export const append: Open = async (place) => {
  const { store } = await open(place)
  const next = inTurns(accounts("appended", 1000))
  const commit = (size: number) => () => {
    const { accountId, count, version } = next(size)
    return store.commit(accountId, deposits(accountId, count), meta, version === 0 ? undefined : version - 1)
  }
  return Counted.contender(
    0,
    {
      "1 event": { deposits: 1, run: commit(1) },
      "100 events": { deposits: 100, run: commit(100) },
      "1,000 events": { deposits: 1000, run: commit(1000) }
    },
    () => store.query(() => undefined)
  )
}

/**
 * On SQLite a thousand callers stand in line: two of them at once are refused with SQLITE_BUSY, because its client
 * opens a second connection for the second.
 */
export const command: Open<"1 caller" | "1,000 callers, 1,000 streams"> = async (place) => {
  const { crowd, fresh, next } = Recipients.make(place.plan["1 caller"])
  const rows = Rows.open(place)
  const { app, settle, store } = await open(place, rows.write)
  for (const accountId of [...fresh, ...crowd]) {
    await store.commit(accountId, deposits(accountId, Counted.before), meta)
  }
  await settle()
  const send = (accountId: string) => app.do("Deposit", { stream: accountId, actor }, deposit(accountId))
  const inLine = async (accountIds: ReadonlyArray<string>) => {
    for (const accountId of accountIds) await send(accountId)
  }
  const atOnce = (accountIds: ReadonlyArray<string>) => Promise.all(accountIds.map(send))
  const together = place.setting === memory ? atOnce : inLine
  return Counted.contender(
    (fresh.length + crowd.length) * Counted.before,
    {
      "1 caller": { deposits: 1, run: () => send(next()) },
      "1,000 callers, 1,000 streams": { deposits: 1000, run: () => together(crowd) }
    },
    rows.total,
    settle
  )
}

// internal

const actor = { id: "bench", name: "bench" }
const meta = { correlation: "bench", causation: {} }

const deposits = (accountId: string, count: number) =>
  Array.from({ length: count }, () => ({ name: "Deposited", data: deposit(accountId) }))

/** Act reads the environment when it is imported. */
const open = async (place: Place, write: Rows.Rows["write"] = () => undefined) => {
  // By default it writes each commit to the screen, which takes longer than the commit.
  process.env["LOG_LEVEL"] ??= "error"
  // So many milliseconds its store in memory lets each call wait: 100 by default.
  process.env["SLEEP_MS"] ??= "0"
  const { bank } = await import("./ActBank.ts")
  return bank(place, write)
}
