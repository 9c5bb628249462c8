// TS2322: Type '[Aggregate<"Account", … Withdraw: InsufficientFunds; }>] & "\"Sent\" is in none of these categories"'.
//   Type '[Aggregate<"Account", … Withdraw: InsufficientFunds; }>]' is not assignable to type '"\"Sent\" is in none of these categories"'.
import { Subscriber } from "everfold"
import * as Effect from "effect/Effect"
import { Account, Sent } from "../../Bank.ts"

export const watch = Subscriber.make("watch", { events: [Sent], categories: [Account] }).on({
  Sent: () => Effect.void
})
