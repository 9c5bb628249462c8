// TS2322: Type 'Struct<{ accountId: typeof String$; }>' is not assignable to type 'Any'.
//   Types of property 'Type' are incompatible.
//     Property '_tag' is missing in type '{ readonly accountId: string; }' but required in type 'Tagged'.
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { Deposit } from "../../Bank.ts"

Aggregate.make("Account", {
  events: [Schema.Struct({ accountId: Schema.String })],
  commands: [Deposit],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId
})
