// TS2322: Type '(state: { readonly balance: … Deposited) => { balanse: number; balance: number; }) & "the state has no field \"balanse\""'.
//   Type '(state: { readonly balance: … number; balance: number; }' is not assignable to type '"the state has no field \"balanse\""'.
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
  Deposited: (state, event) => ({ ...state, balanse: state.balance + event.amount }),
  Withdrawn: (state, event) => ({ balance: state.balance - event.amount })
})
