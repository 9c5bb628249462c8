/** An account as Emmett's documents write a domain: an initial state, and a function that evolves it. */
import { type Event, event } from "@event-driven-io/emmett"
import { deposit } from "../Account.ts"

export type Deposited = Event<"Deposited", ReturnType<typeof deposit>>

export interface Account {
  readonly balance: number
}

export const initialState = (): Account => ({ balance: 0 })

export const evolve = ({ balance }: Account, { data }: Deposited): Account => ({
  balance: balance + data.amount
})

/** The stream of an account; its type is what stands before the first hyphen. */
export const streamOf = (accountId: string): string => `account-${accountId}`

/** So many deposits. */
export const deposited = (accountId: string, count: number): Array<Deposited> =>
  Array.from({ length: count }, () => event<Deposited>("Deposited", deposit(accountId)))
