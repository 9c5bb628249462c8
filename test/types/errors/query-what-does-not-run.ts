// TS2379: Argument of type 'Effect<{ … true'. Consider adding 'undefined' to the types of the target's properties.
//   Type 'Running<"balances">' is not assignable to type 'never'.
import { MemoryStack, Projection, Projector, ReadModel } from "everfold"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Balances, Deposited } from "../../Bank.ts"

const Other = Projection.make("other", {
  row: Schema.Struct({ accountId: Schema.String }),
  events: [Deposited],
  key: (event) => event.accountId
}).on({ Deposited: (_, { accountId }) => ({ accountId }) })

const program = ReadModel.get(Balances, "alice").pipe(Effect.provide(Projector.layer(Other)))

Effect.runPromise(program.pipe(Effect.provide(MemoryStack.layer)))
