// TS2345: Argument of type 'TableProjection<"sums", …>' is not assignable to parameter of type 'Rebuildable'.
//   Types of property 'setup' are incompatible.
//     Type 'Effect<…>' is not assignable to type '"a table projection is not rebuilt: raise its version"'.
import { SubscriptionControl } from "everfold"
import { ReadDb, TableProjection } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { Deposited } from "../../Bank.ts"

const Sums = TableProjection.make("sums", {
  events: [Deposited],
  setup: Effect.flatMap(ReadDb.ReadDb, (sql) => sql`create table sums (total integer not null) strict`)
}).on({ Deposited: () => Effect.void })

SubscriptionControl.rebuild(Sums)
