/** What is written, whoever writes it: so many deposits to an account, at the version that it has. */

export interface Deposits {
  readonly accountId: string
  /** How many the account has before. */
  readonly version: number
  readonly count: number
}

/** Deposits to each account, in turns, so that streams lie in the log as they usually do. */
export const history = (accountIds: ReadonlyArray<string>, each: number): ReadonlyArray<Deposits> =>
  Array.from({ length: each }, (_, version) =>
    accountIds.map((accountId) => ({ accountId, version, count: 1 }))
  ).flat()

/** Deposits without end, to the accounts in turns. */
export const inTurns = (accountIds: ReadonlyArray<string>) => {
  const versions = accountIds.map(() => 0)
  let turn = 0
  return (count: number): Deposits => {
    const index = turn++ % accountIds.length
    const version = versions[index] ?? 0
    versions[index] = version + count
    return { accountId: accountIds[index] ?? "", version, count }
  }
}
