/** The rows of the accounts, for those who bring no place for them: in memory, or in a file of their own. */
import { join } from "node:path"
import * as Sql from "../raw/Sql.ts"
import type { Place } from "../Row.ts"
import { memory } from "../Setting.ts"

/** What a deposit says to a row. */
export interface Payment {
  readonly accountId: string
  readonly amount: number
}

export interface Rows {
  /** Writes each row once, all of them in one transaction. */
  readonly write: (payments: ReadonlyArray<Payment>) => void
  /** What all accounts have together. */
  readonly total: () => number
}

export const open = ({ directory, setting }: Place): Rows =>
  setting === memory ? inMemory() : inFile(join(directory, "read.db"))

// internal

interface Row {
  readonly balance: number
  readonly deposits: number
}

const fold = (payments: ReadonlyArray<Payment>, rows = new Map<string, Row>()) => {
  for (const { accountId, amount } of payments) {
    const row = rows.get(accountId)
    rows.set(accountId, { balance: (row?.balance ?? 0) + amount, deposits: (row?.deposits ?? 0) + 1 })
  }
  return rows
}

const inMemory = (): Rows => {
  const rows = new Map<string, Row>()
  return {
    write: (payments) => void fold(payments, rows),
    total: () => [...rows.values()].reduce((sum, { balance }) => sum + balance, 0)
  }
}

/** `NORMAL`, as everybody's rows: what is lost in a power cut is built again. */
const inFile = (file: string): Rows => {
  const database = Sql.open(file, "NORMAL")
  database.exec(
    "create table balances (account text primary key, balance integer, deposits integer) strict, without rowid"
  )
  const transaction = Sql.transaction(database)
  const upsert = database.prepare(
    `insert into balances (account, balance, deposits) values (?, ?, ?) on conflict (account)
      do update set balance = balance + excluded.balance, deposits = deposits + excluded.deposits`
  )
  const total = database.prepare("select total(balance) from balances").pluck()
  return {
    write: (payments) =>
      transaction(() => {
        for (const [accountId, { balance, deposits }] of fold(payments)) {
          upsert.run(accountId, balance, deposits)
        }
      }),
    total: () => Number(total.get())
  }
}
