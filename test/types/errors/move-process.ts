// TS2345: Argument of type 'Process<"saver", …>' is not assignable to parameter of type 'Movable'.
//   Type 'Process<"saver", …>' is not assignable to type 'DeclaredMovable'.
//     Types of property 'step' are incompatible.
//       Type '(state: …) => Step<…>' is not assignable to type '"a process is not moved: its state would be folded twice"'.
import { Process, SubscriptionControl } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
}).on({ Deposited: () => ({}), Withdrawn: () => ({ ends: true }) })

SubscriptionControl.moveTo(Saver, 0)
