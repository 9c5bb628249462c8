// TS2561: Object literal may only specify … "Deposited" | "Withdrawn", "event"> & Exact<...>'. Did you mean to write 'Withdrawn'?
// TS7006: Parameter 'state' implicitly has an 'any' type.
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
  Deposited: (state) => ({ state }),
  Withdrawm: (state) => ({ state })
})
