// TS2322: Type 'Deposit' is not assignable to type 'Deposited | Withdrawn'.
//   Type 'Deposit' is not assignable to type 'Withdrawn'.
//     Types of property '_tag' are incompatible.
//       Type '"Deposit"' is not assignable to type '"Withdrawn"'.
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
  Deposit: (command) => [command],
  Withdraw: (command) => [Withdrawn.make({ ...command })]
})
