// TS2322: Type 'Struct<{ accountId: typeof String$; }>' is not assignable to type 'Any'.
//   Types of property 'Type' are incompatible.
//     Property '_tag' is missing in type '{ readonly accountId: string; }' but required in type 'Tagged'.
// TS2339: Property 'accountId' does not exist on type 'Tagged'.
import { Projection } from "everfold"
import * as Schema from "effect/Schema"

Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String }),
  events: [Schema.Struct({ accountId: Schema.String })],
  key: (event) => event.accountId
})
