// TS2322: Type '"acountId"' is not assignable to type '"accountId"'.
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { Deposited } from "../../Bank.ts"

Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String }),
  events: [Deposited],
  key: (event) => event.accountId,
  indexes: ["acountId"]
})
