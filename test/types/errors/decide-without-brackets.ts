// TS2322: Type 'Deposited' is not assignable to type 'Rejection | readonly (Deposited | Withdrawn)[]'.
//   Type 'Deposited' is missing the following properties from type 'Rejection': name, message
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
const folded = account.evolve({
  Deposited: (state, event) => ({ balance: state.balance + event.amount }),
  Withdrawn: (state, event) => ({ balance: state.balance - event.amount })
})

folded.decide({
  Deposit: (command) => Deposited.make({ ...command }),
  Withdraw: (command) => [Withdrawn.make({ ...command })]
})
