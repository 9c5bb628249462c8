/** Work of others, counted: whoever loses a deposit is not fast. */
import type { Contender } from "../Contender.ts"

/** What a run of a case is, and how many deposits it makes. */
export interface Job {
  readonly deposits: number
  readonly run: () => Promise<unknown>
}

/**
 * A contender who has made some deposits before, and finds as many as were made after each turn. Finding them takes
 * no time that counts.
 */
export const contender = <Cases extends string>(
  made: number,
  jobs: Readonly<Partial<Record<Cases, Job>>>,
  find: () => number | Promise<number>,
  /** Brings the rows to the head of the log, where they are not written together with it. */
  settle: () => Promise<void> = () => Promise.resolve()
): Contender => {
  const named: Readonly<Record<string, Job | undefined>> = jobs
  let deposits = made
  return async (name, runs) => {
    const job = named[name]
    if (job === undefined) throw new Error(`nobody does "${name}"`)
    const begin = performance.now()
    await times(runs, job.run)
    await settle()
    const seconds = (performance.now() - begin) / 1e3
    deposits += runs * job.deposits
    const found = await find()
    if (found !== deposits) throw new Error(`${found} of ${deposits} deposits are there after "${name}"`)
    return seconds
  }
}

/** How many deposits an account has before it is sent a command. */
export const before = 8

/** Does it so many times, one after the other. */
export const times = async (runs: number, run: () => Promise<unknown>): Promise<void> => {
  for (let count = 0; count < runs; count += 1) await run()
}
