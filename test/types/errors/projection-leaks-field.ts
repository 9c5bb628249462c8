// TS2322: Type '(_: { readonly accountId: … => { accountId: string; costPrice: number; }) & "the row has no field \"costPrice\""'.
//   Type '(_: { readonly accountId: string; … costPrice: number; }' is not assignable to type '"the row has no field \"costPrice\""'.
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { Deposited } from "../../Bank.ts"

Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String }),
  events: [Deposited],
  key: (event) => event.accountId
}).on({
  Deposited: (_, event) => ({ accountId: event.accountId, costPrice: event.amount })
})
