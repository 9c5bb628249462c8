// TS2551: Property 'amout' does not exist on type 'Deposited'. Did you mean 'amount'?
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
  Deposited: (state, event) => ({ balance: state.balance + event.amout }),
  Withdrawn: (state, event) => ({ balance: state.balance - event.amount })
})
