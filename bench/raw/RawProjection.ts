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

/** Brings the rows to the head of the log. */
export const catchUp = (log: RawLog, rows: RawRows): void => follow(log, rows.position(), rows.write)

/** Builds all rows again. */
export const rebuild = (log: RawLog, rows: RawRows): void => {
  const next = rows.begin()
  follow(log, 0, next.write)
  next.promote()
}

// internal

const parse = (row: unknown): RawRow | undefined => (row === undefined ? undefined : JSON.parse(String(row)))

const follow = (log: RawLog, after: number, write: RawRows["write"]) => {
  for (let page = log.page(after); page.deposits.length > 0; page = log.page(page.to)) write(page)
}
