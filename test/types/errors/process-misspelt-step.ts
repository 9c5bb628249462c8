// TS2322: Type '(state: { readonly balance: … sends: Send[]; }) & "the step has no field \"sends\""'.
//   Type '(state: { readonly balance: … sends: Send[]; }' is not assignable to type '"the step has no field \"sends\""'.
import { Process } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
})

Saver.on({
  Deposited: (state, { accountId }) => ({ state, sends: [Send.make({ letterId: accountId })] }),
  Withdrawn: (state) => ({ state })
})
