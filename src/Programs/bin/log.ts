/** `npm run log`: `npx everfold log` for the examples, whose events it decodes, and for what came before them. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { contexts } from "./Contexts.ts"
import { Failed, failed, sqlite } from "./Advice.ts"
import * as LogCommand from "./LogCommand.ts"
import * as Main from "./Main.ts"

const call = "npm run log --"

const importFrom = ({ directory, from }: { readonly directory: string; readonly from: string }) =>
  Effect.gen(function* () {
    yield* sqlite
    const { into } = yield* Effect.promise(() => import("./ImportFile.ts"))
    const { read, written } = yield* into(directory, from).pipe(
      Effect.mapError((error) =>
        error._tag === "StoreError"
          ? error.reason === "NotADatabase"
            ? new Failed({ message: `${error.details}; FILE is an event_store.db, DIR the folder of a log` })
            : failed({ Corrupt: `${call} verify ${directory} tells more` })(error)
          : new Failed({
              message: `${from}, ${error.message}; the rows before it are in ${directory}/log.db: put it right, and import again`
            })
      )
    )
    return yield* Console.log(
      `${from} has ${read} events: ${written} are new in ${directory}/log.db, ${read - written} were there`
    )
  })

const log = LogCommand.run(process.argv.slice(2), {
  call,
  aggregates: [...contexts.values()].flat(),
  importFrom
})

Main.run(log, ({ _tag }) => Main.exitCodes[_tag])
