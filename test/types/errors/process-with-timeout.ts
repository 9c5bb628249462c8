// TS2353: Object literal may only specify known properties, and 'timeout' does not exist in type 'Partial<Untimed>'.
import { Process, ProcessManager } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Letter, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
}).on({ Deposited: () => ({}), Withdrawn: () => ({ ends: true }) })

export const running = ProcessManager.layer(Saver, [Letter], { timeout: "1 second", finally: "Halt" })
