// TS2561: Object literal may only specify known properties, but 'balanse' does not exist in type '{ readonly balance: number; }'. Did you mean to write 'balance'?
import { Process } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Send } from "../../Bank.ts"

Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balanse: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
})
