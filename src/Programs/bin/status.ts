/** `npm run status`: what the subscribers of a program are doing, seen from outside. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as StatusTable from "../status/StatusTable.ts"
import * as SubscriptionStatus from "../status/SubscriptionStatus.ts"
import * as Main from "./Main.ts"
import * as StatusFlags from "./StatusFlags.ts"

/** The files cannot be read. */
class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** Somebody has to look at it. */
class Halted extends Data.TaggedError("Halted")<{ readonly message: string }> {}

const sqlite = Effect.tryPromise({
  try: () => import("everfold/sqlite"),
  catch: (cause) => new Failed({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
})

const show = ({ directory, json }: { readonly directory: string; readonly json: boolean }) =>
  Effect.gen(function* () {
    const { SqliteInspection } = yield* sqlite
    const lines = yield* SubscriptionStatus.read(SqliteInspection.positions({ directory })).pipe(
      Effect.provide(SqliteInspection.layer({ directory })),
      Effect.mapError(({ details }) => new Failed({ message: details }))
    )
    yield* json ? StatusTable.printJson(lines) : StatusTable.print(lines)
    if (!SubscriptionStatus.hasHalted(lines)) return
    const names = lines.filter(({ status }) => status === "Halted").map(({ name }) => name)
    return yield* new Halted({ message: `halted: ${names.join(", ")}` })
  })

const status = Effect.gen(function* () {
  const flags = yield* StatusFlags.parse(process.argv.slice(2))
  yield* flags._tag === "Help" ? Console.log(StatusFlags.help) : show(flags)
})

const exitCodes = { Failed: 1, Halted: 3, UsageError: 2 } as const

Main.run(status, ({ _tag }) => exitCodes[_tag])
