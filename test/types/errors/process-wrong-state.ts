// TS2322: Type 'string' is not assignable to type 'number'.
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
  Deposited: (_, { accountId }) => ({ state: { balance: accountId } }),
  Withdrawn: (state) => ({ state })
})
