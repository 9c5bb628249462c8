// TS2345: Argument of type '{ Deposited: () … [typeof Deposited, typeof Withdrawn]>, "Deposited" | "Withdrawn", "event">'.
//   Property 'Withdrawn' is missing in type … never>; }' but required in type 'Handlers<readonly [typeof Deposited, typeof Withdrawn]>'.
import { Subscriber } from "everfold"
import * as Effect from "effect/Effect"
import { Account } from "../../Bank.ts"

Subscriber.make("alert", { events: Account.events }).on({
  Deposited: () => Effect.void
})
