/** Shows what the subscribers of a program are doing, seen from outside, and forgets those that are no more. */
import { join } from "node:path"
import { QueueDoorbell, SubscriptionControl } from "everfold"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as StatusTable from "../status/StatusTable.ts"
import * as SubscriptionStatus from "../status/SubscriptionStatus.ts"
import { Failed, failed, sqlite } from "./Advice.ts"
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
    switch (flags._tag) {
      case "Help":
        return yield* Console.log(StatusFlags.help(setting.call))
      case "Show":
        return yield* show(flags, setting)
      case "Forget":
        return yield* forget(flags, setting)
    }
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

/** Nothing is made or migrated for a name that is misspelt: it is looked for by whoever only reads. */
const forget = (
  { directory, name }: { readonly directory: string; readonly name: string },
  { log }: Setting
) =>
  Effect.gen(function* () {
    const { SqliteInspection, SqliteStack } = yield* sqlite
    const writing = SqliteStack.logDatabase(join(directory, "log.db")).pipe(
      Layer.provide(QueueDoorbell.layer)
    )
    yield* SubscriptionControl.find(name).pipe(
      Effect.provide(SqliteInspection.layer({ directory })),
      Effect.flatMap((found) => Effect.provide(SubscriptionControl.forget(found), writing)),
      Effect.catchTags({
        LeaseHeld: ({ message }) => new Failed({ message: `${message}; stop it, then try again` }),
        StoreError: failed({ Corrupt: `${log} verify ${directory} tells more` }),
        UnknownSubscriber: ({ message }) => new Failed({ message })
      })
    )
    yield* Console.log(`"${name}" is forgotten. Its checkpoint stays: when it runs again, it goes on there.`)
  })
