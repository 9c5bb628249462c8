/** `npm run tour`: the five stages in one sitting. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Tour from "../stages/Tour.ts"
import { UsageError } from "./CommandLine.ts"
import * as Keys from "./Keys.ts"
import * as Main from "./Main.ts"
import * as TourFlags from "./TourFlags.ts"

/** The stages cannot be loaded. */
class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const load = Effect.tryPromise({
  try: () => import("./Stages.ts"),
  catch: (cause) => new Failed({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
})

const atOnce = (screen: string, last: boolean) => Effect.as(Console.log(last ? screen : `${screen}\n`), true)

const tour = Effect.gen(function* () {
  const flags = yield* TourFlags.parse(process.argv.slice(2))
  if (flags._tag === "Help") return yield* Console.log(TourFlags.help)
  const { stages } = yield* load
  const alone = flags.plain || !process.stdin.isTTY || !process.stdout.isTTY
  yield* Tour.program(stages, alone ? atOnce : Keys.show)
})

Main.run(tour, (error: { readonly message: string }) => (error instanceof UsageError ? 2 : 1))
