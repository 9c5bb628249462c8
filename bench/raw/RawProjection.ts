/** A projection by hand: pages of the log become rows. */
import type { RawDeposit, RawLog, RawRow, RawRows } from "./RawStore.ts"

/** Folds deposits into the rows of their accounts, given the rows that are stored as JSON. */
export const fold = (
  deposits: ReadonlyArray<RawDeposit>,
  stored: (key: string) => unknown
): ReadonlyArray<RawRow> => {
  const rows = new Map<string, RawRow>()
  for (const { accountId, amount } of deposits) {
    const row = rows.get(accountId) ?? parse(stored(accountId))
    rows.set(accountId, {
      accountId,
      balance: (row?.balance ?? 0) + amount,
      deposits: (row?.deposits ?? 0) + 1
    })
  }
  return [...rows.values()]
}

/** Brings the rows to the head of the log, so many events in one transaction. */
export const catchUp = (log: RawLog, rows: RawRows, batch: number): void =>
  follow(log, rows.position(), batch, rows.write)

/** Builds all rows again. */
export const rebuild = (log: RawLog, rows: RawRows, batch: number): void => {
  const next = rows.begin()
  follow(log, 0, batch, next.write)
  next.promote()
}

// internal

const parse = (row: unknown): RawRow | undefined => (row === undefined ? undefined : JSON.parse(String(row)))

const follow = (log: RawLog, from: number, batch: number, write: RawRows["write"]) => {
  let page = log.page(from, batch)
  for (; page.deposits.length > 0; page = log.page(page.to, batch)) write(page)
}
