/** What the bench writes by hand in SQL: a log of deposits, and rows of balances. All calls are synchronous. */
import type { Deposits } from "../Deposits.ts"

/** A log, and rows in a database of their own. */
export interface RawStore {
  readonly log: RawLog
  readonly rows: RawRows
}

export interface RawLog {
  /** Writes commits in one transaction; throws when an account has another version. */
  readonly append: (commits: ReadonlyArray<Deposits>) => void
  /** What a stream holds, oldest first. */
  readonly stream: (stream: string) => ReadonlyArray<RawDeposit>
  /** The next deposits after a position, at most so many, and what a projection needs to know of them. */
  readonly page: (after: number, limit: number) => RawPage
  /** The next deposits after a position, at most so many, for whoever wants to see all of them. */
  readonly scan: (after: number, limit: number) => ReadonlyArray<RawDeposit>
}

/** A stored deposit, parsed. */
export interface RawDeposit {
  readonly accountId: string
  readonly amount: number
}

export interface RawPage {
  readonly after: number
  readonly to: number
  /** When the last of them was recorded. */
  readonly time: number
  readonly deposits: ReadonlyArray<RawDeposit>
}

export interface RawRows {
  /** How much of the log the rows that are served have seen. */
  readonly position: () => number
  /** Folds a page into the rows that are served, in one transaction with their position. */
  readonly write: (page: RawPage) => void
  /** Starts new rows at position 0, which are served when they are promoted. */
  readonly begin: () => { readonly write: (page: RawPage) => void; readonly promote: () => void }
}

/** What is known of an account. */
export interface RawRow {
  readonly accountId: string
  readonly balance: number
  readonly deposits: number
}
