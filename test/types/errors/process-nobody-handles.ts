// TS2345: Argument of type … Noted], readonly [typeof Note], { readonly Note: never; }>] & "nobody handles \"Send\""'.
//   Type '[Aggregate<"Journal", { readonly … Note], { readonly Note: never; }>]' is not assignable to type '"nobody handles \"Send\""'.
import { Process, ProcessManager } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Journal, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
})

const saver = Saver.on({
  Deposited: (state) => ({ state }),
  Withdrawn: (state) => ({ state })
})

export const running = ProcessManager.layer(saver, [Journal])
