/** `npm run demo`: tells a story, on SQLite or in memory. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { UsageError } from "./CommandLine.ts"
import * as Flags from "./Flags.ts"
import * as Main from "./Main.ts"
import { stories } from "./Stories.ts"

const demo: Effect.Effect<void, { readonly message: string }> = Effect.gen(function* () {
  const flags = yield* Flags.parse(process.argv.slice(2))
  if (flags._tag === "Help") return yield* Console.log(Flags.help)
  yield* stories.get(flags.story)?.tell(flags.choice) ?? Effect.void
}).pipe(Effect.scoped)

Main.run(demo, (error) => (error instanceof UsageError ? 2 : 1))
