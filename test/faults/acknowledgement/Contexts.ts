/** What the contexts have, as it lies on the disk: a new command is found, although nobody has told of it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { samples } from "./Samples.ts"

/** The kinds of commands that no sample tries. */
export const untried: Effect.Effect<ReadonlyArray<string>> = Effect.promise(async () => {
  const tried = new Set(samples.map(({ aggregate, command }) => `${aggregate.name} ${command._tag}`))
  const kinds: Array<string> = []
  for (const file of await files()) {
    for (const value of Object.values(await load(file))) kinds.push(...commandsOf(value))
  }
  return kinds.filter((kind) => !tried.has(kind)).map((kind) => `no sample of ${kind}`)
})

// internal

const domain = join(import.meta.dirname, "../../../src/Domain")

/** The modules of all contexts. */
const files = async () => {
  const entries = await readdir(domain, { recursive: true })
  return entries.filter((entry) => /^[A-Z]\w*\/[A-Z]\w*\.ts$/.test(entry))
}

const load = (file: string): Promise<object> => import(join(domain, file))

/** The commands of an aggregate; of anything else there are none. */
const commandsOf = (value: unknown): ReadonlyArray<string> =>
  isAggregate(value) ? value.commandCodec.types.map((type) => `${value.name} ${type}`) : []

const isAggregate = Schema.is(
  Schema.Struct({ name: Schema.String, commandCodec: Schema.Struct({ types: Schema.Array(Schema.String) }) })
)
