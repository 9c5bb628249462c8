// TS2345: Argument of type '{ Deposited: … balance: number; }, Deposited | Withdrawn>, "Deposited" | "Withdrawn", "event"> & Exact<...>'.
//   Property 'Withdrawn' is missing in type … }; }' but required in type 'Evolve<{ readonly balance: number; }, Deposited | Withdrawn>'.
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
  Deposited: (state, event) => ({ balance: state.balance + event.amount })
})
