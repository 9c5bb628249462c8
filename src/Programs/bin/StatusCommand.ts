/** Shows what the subscribers of a program are doing, seen from outside. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as StatusTable from "../status/StatusTable.ts"
import * as SubscriptionStatus from "../status/SubscriptionStatus.ts"
import type { Failed } from "./Advice.ts"
import { failed, sqlite } from "./Advice.ts"
import type { UsageError } from "./CommandLine.ts"
import * as StatusFlags from "./StatusFlags.ts"

/** Somebody has to look at it. */
export class Halted extends Data.TaggedError("Halted")<{ readonly message: string }> {}

/** How it is called, and what looks after the log, in advice. */
export interface Setting {
  readonly call: string
  readonly log: string
}

/** Does what a command line says. */
export const run = (
  args: ReadonlyArray<string>,
  setting: Setting
): Effect.Effect<void, Failed | Halted | UsageError> =>
  Effect.gen(function* () {
    const flags = yield* StatusFlags.parse(args)
    yield* flags._tag === "Help" ? Console.log(StatusFlags.help(setting.call)) : show(flags, setting)
  })

// internal

const show = (
  { directory, json }: { readonly directory: string; readonly json: boolean },
  { log }: Setting
) =>
  Effect.gen(function* () {
    const { SqliteInspection } = yield* sqlite
    const lines = yield* SubscriptionStatus.read(SqliteInspection.positions({ directory })).pipe(
      Effect.provide(SqliteInspection.layer({ directory })),
      Effect.mapError(failed({ Corrupt: `${log} verify ${directory} tells more` }))
    )
    yield* json ? StatusTable.printJson(lines) : StatusTable.print(lines)
    const halted = lines.filter(({ halted }) => halted).map(({ name }) => name)
    if (halted.length > 0) return yield* new Halted({ message: `halted: ${halted.join(", ")}` })
  })
