// TS2322: Type '(state: { readonly balance: … balance: number; }) => { readonly balance: number; }) & "no event is tagged \"Frozen\""'.
//   Type '(state: { readonly balance: number; }) => { readonly balance: number; }' is not assignable to type '"no event is tagged \"Frozen\""'.
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { Deposit, Deposited, Withdraw, Withdrawn } from "../../Bank.ts"

const account = Aggregate.make("Account", {
  events: [Deposited, Withdrawn],
  commands: [Deposit, Withdraw],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId
})

account.evolve({
  Deposited: (state, event) => ({ balance: state.balance + event.amount }),
  Withdrawn: (state, event) => ({ balance: state.balance - event.amount }),
  Frozen: (state: { readonly balance: number }) => state
})
