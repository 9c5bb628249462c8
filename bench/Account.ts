/** What all rows are about: accounts that money is paid into. */
import * as Schema from "effect/Schema"
import { Aggregate, Message, Projection } from "./everfold.ts"

const money = { accountId: Schema.String, amount: Schema.Int.pipe(Schema.positive()), note: Schema.String }
export class Deposit extends Message.Struct<Deposit>()("Deposit", money) {}
export class Deposited extends Message.Struct<Deposited>()("Deposited", money) {}

export const Account = Aggregate.make("Account", {
  events: [Deposited],
  commands: [Deposit],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId
})
  .evolve({ Deposited: (state, event) => ({ balance: state.balance + event.amount }) })
  .decide({ Deposit: (command) => [Deposited.make({ ...command })] })

export const Balances = Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String, balance: Schema.Int, deposits: Schema.Int }),
  events: Account.events,
  key: (event) => event.accountId
}).on({
  Deposited: (row, { accountId, amount }) => ({
    accountId,
    balance: (row?.balance ?? 0) + amount,
    deposits: (row?.deposits ?? 0) + 1
  })
})

/** The stream of an account. */
export const streamOf = (accountId: string): string => Aggregate.stream(Account, accountId)

/** What a deposit says, in about 150 bytes. */
export const deposit = (accountId: string) => ({
  accountId,
  amount: 1,
  note: "standing order for the first of the month: the rent of the flat above the old bakery, and its heating"
})

/** So many accounts with names of their own. */
export const accounts = (name: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${name}-${String(index).padStart(8, "0")}`)
