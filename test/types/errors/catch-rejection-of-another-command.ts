// TS2769: No overload matches this call.
//   Overload 1 of 2, '(...args: … => Effect<...>]): <A, R>(self: Effect<...>) => Effect<...>', gave the following error.
//     Argument of type '"InsufficientFunds"' is not assignable to parameter of type '"VersionConflict" | "CommandIdReused" | "StoreError"'.
//   Overload 2 of 2, '(self: … => Effect<void, never, never>]): Effect<unknown, unknown, unknown>', gave the following error.
//     Argument of type 'string' is not assignable to parameter of type 'Effect<unknown, unknown, unknown>'.
import { CommandHandler } from "everfold"
import * as Effect from "effect/Effect"
import { Account, deposit } from "../../Bank.ts"

export const program = CommandHandler.handle(Account, deposit("alice", 1)).pipe(
  Effect.catchTag("InsufficientFunds", () => Effect.void)
)
