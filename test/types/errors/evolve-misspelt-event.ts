// TS2561: Object literal may only specify … "Deposited" | "Withdrawn", "event"> & Exact<...>'. Did you mean to write 'Withdrawn'?
// TS7006: Parameter 'state' implicitly has an 'any' type.
// TS7006: Parameter 'event' implicitly has an 'any' type.
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
  Withdrawm: (state, event) => ({ balance: state.balance - event.amount })
})
