// TS2322: Type 'Effect<Deposited[], never, never>' is not assignable to type 'Rejection | readonly (Deposited | Withdrawn)[]'.
//   Type 'Effect<Deposited[], never, … from type 'readonly (Deposited | Withdrawn)[]': length, concat, join, slice, and 25 more.
import { Aggregate } from "everfold"
import * as Effect from "effect/Effect"
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
  Deposit: (command) => Effect.succeed([Deposited.make({ ...command })]),
  Withdraw: (command) => [Withdrawn.make({ ...command })]
})
