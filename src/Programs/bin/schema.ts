/** `npm run schema:check`: whether this code can read what earlier releases have stored. */
import { fileURLToPath } from "node:url"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Main from "./Main.ts"
import { app } from "./SchemaApp.ts"
import * as SchemaCheck from "./SchemaCheck.ts"
import * as SchemaFlags from "./SchemaFlags.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

const schema = Effect.gen(function* () {
  const flags = yield* SchemaFlags.parse(process.argv.slice(2))
  if (flags._tag === "Help") return yield* Console.log(SchemaFlags.help)
  yield* SchemaCheck.check(app, { root, update: flags.update })
})

Main.run(schema, (error) => (error._tag === "UsageError" ? 2 : 1))
