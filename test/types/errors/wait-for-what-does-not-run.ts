// TS2379: Argument of type 'Effect<void, … true'. Consider adding 'undefined' to the types of the target's properties.
//   Type 'Running<"balances">' is not assignable to type 'never'.
import { MemoryStack, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { Balances } from "../../Bank.ts"

Effect.runPromise(Subscriptions.reached(Balances, { position: 1 }).pipe(Effect.provide(MemoryStack.layer)))
