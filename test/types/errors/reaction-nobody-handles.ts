// TS2345: Argument of type … Noted], readonly [typeof Note], { readonly Note: never; }>] & "nobody handles \"Send\""'.
//   Type '[Aggregate<"Journal", { readonly … Note], { readonly Note: never; }>]' is not assignable to type '"nobody handles \"Send\""'.
import { Reactor } from "everfold"
import { Letters, Journal } from "../../Bank.ts"

export const running = Reactor.layer(Letters, [Journal])
