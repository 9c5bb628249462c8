/** `npm run demo`: the story of the catalogue, on SQLite or in memory. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Catalogue from "../Catalogue.ts"
import * as Flags from "./Flags.ts"
import * as Main from "./Main.ts"
import * as Store from "./Store.ts"

const tell = ({ directory, stack }: Store.Store) =>
  Effect.gen(function* () {
    yield* Console.log("everfold: a product catalogue, event-sourced")
    yield* Console.log(directory === undefined ? "In memory; nothing is kept." : `Files in ${directory}`)
    yield* Catalogue.program
    if (directory !== undefined) yield* Console.log(`\nGo on from here: npm run demo -- --data ${directory}`)
  }).pipe(Effect.provide(Layer.provideMerge(Catalogue.modules, Layer.succeedContext(stack))))

const demo = Effect.gen(function* () {
  const flags = yield* Flags.parse(process.argv.slice(2))
  if (flags._tag === "Help") return yield* Console.log(Flags.help)
  yield* Effect.flatMap(flags._tag === "Memory" ? Store.memory : Store.sqlite(flags.directory), tell)
})

Main.run(Effect.scoped(demo), (error) => (error._tag === "UsageError" ? 2 : 1))
