/** What the contexts have, as it lies on the disk: a new command is found, although nobody has told of it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import * as Bundle from "../Bundle.ts"
import { samples } from "./Samples.ts"

/** The kinds of commands that no sample tries. */
export const untried: Effect.Effect<ReadonlyArray<string>> = Effect.gen(function* () {
  const tried = new Set(samples.map(({ aggregate, command }) => `${aggregate.name} ${command._tag}`))
  const program = yield* Bundle.ofText("contexts", modules().join("\n"))
  const contexts: Readonly<Record<string, object>> = yield* Effect.promise(() => import(program))
  const kinds = Object.values(contexts).flatMap((module) => Object.values(module).flatMap(commandsOf))
  return kinds.filter((kind) => !tried.has(kind)).map((kind) => `no sample of ${kind}`)
})

// internal

const domain = join(import.meta.dirname, "../../../src/Domain")

/** An export of everything in each module of all contexts. */
const modules = () =>
  readdirSync(domain, { encoding: "utf8", recursive: true })
    .filter((entry) => /^[A-Z]\w*\/[A-Z]\w*\.ts$/.test(entry))
    .map((entry, number) => `export * as module${number} from ${JSON.stringify(join(domain, entry))}`)

/** The commands of an aggregate; of anything else there are none. */
const commandsOf = (value: unknown): ReadonlyArray<string> =>
  isAggregate(value) ? value.commandCodec.types.map((type) => `${value.name} ${type}`) : []

const isAggregate = Schema.is(
  Schema.Struct({ name: Schema.String, commandCodec: Schema.Struct({ types: Schema.Array(Schema.String) }) })
)
