/** `npm run schema:export -- DIR`: the messages of the contexts for programs in other languages. */
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AsyncApi, JsonSchemas } from "everfold"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { section, table } from "../Terminal.ts"
import { contexts } from "./Contexts.ts"
import { usage } from "./CommandLine.ts"
import * as Main from "./Main.ts"
import { version } from "./Package.ts"

/** A file cannot be written. */
class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const help = `
Writes what the events and commands of the contexts look like as JSON, each in
all of its revisions, for programs in other languages.

Usage: npm run schema:export -- DIR

  DIR/<Context>/<Type>.<revision>.json   JSON Schema (draft 7) of a payload
  DIR/asyncapi.json                      all of them as one AsyncAPI 3 document

What is there already under these names is written again.

Exit code: 0 when all was written, 2 when the command line is wrong, 1 otherwise.
`.trim()

const write = (file: string, json: object) =>
  Effect.tryPromise({
    try: () => writeFile(file, `${JSON.stringify(json, undefined, 2)}\n`),
    catch: (cause) => new Failed({ message: String(cause) })
  })

const folder = (path: string) =>
  Effect.tryPromise({
    try: () => mkdir(path, { recursive: true }),
    catch: (cause) => new Failed({ message: String(cause) })
  })

/** One file for each form, and how many of them there are. */
const writeContext = (directory: string, name: string) =>
  Effect.gen(function* () {
    yield* folder(join(directory, name))
    const count = { events: 0, commands: 0 }
    for (const { commands, events } of contexts.get(name) ?? []) {
      for (const [kind, messages] of [["events", events] as const, ["commands", commands] as const]) {
        const schemas = JsonSchemas.of(messages)
        for (const [form, schema] of schemas) yield* write(join(directory, name, `${form}.json`), schema)
        count[kind] += schemas.size
      }
    }
    return [name, count.events, count.commands] as const
  })

const exportAll = (directory: string) =>
  Effect.gen(function* () {
    const rows = yield* Effect.forEach(contexts.keys(), (name) => writeContext(directory, name))
    const document = AsyncApi.make({ title: "everfold: the example", version }, [...contexts.values()].flat())
    yield* write(join(directory, "asyncapi.json"), document)
    yield* section("JSON Schema, a file for each revision of a message")
    yield* table([["context", "events", "commands"], ...rows])
    yield* section(`asyncapi.json, AsyncAPI ${document.asyncapi}`)
    yield* table([
      ["channel", "address", "messages", "written today"],
      ...Object.entries(document.channels).map(([name, { address, messages }]) => [
        name,
        address ?? "any",
        Object.keys(messages).length,
        document.operations[name]?.messages.length ?? 0
      ])
    ])
  })

const main = Effect.gen(function* () {
  const [directory = "", ...more] = process.argv.slice(2)
  if (directory === "--help" || directory === "-h") return yield* Console.log(help)
  if (directory.trim() === "" || directory.startsWith("-") || more.length > 0) {
    return yield* usage("it takes the name of a folder")
  }
  yield* exportAll(directory)
})

Main.run(main, (error) => (error._tag === "UsageError" ? 2 : 1))
