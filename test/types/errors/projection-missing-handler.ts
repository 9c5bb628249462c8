// TS2345: Argument of type '{ Deposited: … [typeof Deposited, typeof Withdrawn]>, "Deposited" | "Withdrawn", "event"> & Exact<...>'.
//   Property 'Withdrawn' is missing in type … 'Handlers<{ readonly accountId: string; }, readonly [typeof Deposited, typeof Withdrawn]>'.
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { Account } from "../../Bank.ts"

Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String }),
  events: Account.events,
  key: (event) => event.accountId
}).on({
  Deposited: (_, event) => ({ accountId: event.accountId })
})
