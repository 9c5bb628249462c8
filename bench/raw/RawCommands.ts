/** Commands by hand: a state is read once and kept, and what is decided together is written together. */
import { streamOf } from "../Account.ts"
import type { Deposits } from "../Deposits.ts"
import type { RawLog } from "./RawStore.ts"

/** Pays one into each account, all in one transaction. */
export const make = (log: RawLog): ((accountIds: ReadonlyArray<string>) => void) => {
  const states = new Map<string, { readonly balance: number; readonly version: number }>()

  const load = (accountId: string) => {
    const deposits = log.stream(streamOf(accountId))
    return { balance: deposits.reduce((sum, { amount }) => sum + amount, 0), version: deposits.length }
  }

  return (accountIds) => {
    const commits = accountIds.map((accountId): Deposits => {
      const { balance, version } = states.get(accountId) ?? load(accountId)
      if (balance < 0) throw new Error("an account is overdrawn")
      states.set(accountId, { balance: balance + 1, version: version + 1 })
      return { accountId, version, count: 1 }
    })
    log.append(commits)
  }
}
