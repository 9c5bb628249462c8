/** The golden events of the contexts as files: `events/<Context>/<Type>.<revision>.json`. */
import { EventCodec, type Message } from "everfold"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import * as Forms from "../../src/Domain/Forms.ts"
import { contexts } from "../../src/Programs/bin/Contexts.ts"
import { GoldenEvent, problems, renew } from "./GoldenEvent.ts"
import * as histories from "./histories.ts"

/** Events that have golden files. */
export interface Context {
  readonly name: string
  readonly events: Message.List
}

/** All contexts of this repository. */
export const all: ReadonlyArray<Context> = Array.from(contexts, ([name, aggregates]) => ({
  name,
  events: aggregates.flatMap(({ events }) => events)
}))

/** Where the files are. */
export const folder = path.join(import.meta.dirname, "events")

/** Why the files of a context and its code do not agree; nothing when they do. */
export const problemsOf = ({ events, name }: Context, root = folder): ReadonlyArray<string> => {
  const codec = EventCodec.make(events)
  const missing = Forms.of(events)
    .map((form) => `${Forms.nameOf(form)}.json`)
    .filter((file) => !fs.existsSync(path.join(root, name, file)))
    .map((file) => `${name}/${file} is missing: npm run golden`)
  const disagreeing = filesOf(path.join(root, name)).flatMap((file) => {
    const form = formOf(file)
    return form === undefined
      ? [`${name}/${file} is not called <Type>.<revision>.json`]
      : problems(codec, form, read(path.join(root, name, file)))
  })
  return [...missing, ...disagreeing]
}

/** Writes what is missing, changes nothing, and says which files it has written. Throws when one does not hold. */
export const write = ({ events, name }: Context, root = folder): ReadonlyArray<string> => {
  const codec = EventCodec.make(events)
  fs.mkdirSync(path.join(root, name), { recursive: true })
  return Forms.of(events).flatMap((form) => {
    const file = path.join(root, name, `${Forms.nameOf(form)}.json`)
    const golden = fs.existsSync(file) ? read(file) : { payload: payloadOf(form), means: [] }
    const renewed = Either.getOrThrowWith(renew(codec, form, golden), (why) => new Error(why))
    if (renewed === golden) return []
    fs.writeFileSync(file, `${JSON.stringify(renewed, undefined, 2)}\n`)
    return [path.relative(root, file)]
  })
}

// internal

const filesOf = (directory: string) => (fs.existsSync(directory) ? fs.readdirSync(directory) : [])

const formOf = (file: string) => {
  const [, type, revision] = /^(.+)[.](\d+)[.]json$/.exec(file) ?? []
  return type === undefined ? undefined : { type, revision: Number(revision) }
}

const read = (file: string): GoldenEvent =>
  Schema.decodeSync(Schema.parseJson(GoldenEvent))(fs.readFileSync(file, "utf8"))

/** The longest that the golden histories have of it; what they do not have is generated, the same each time. */
const payloadOf = (form: Forms.Form): unknown => {
  const { encode } = EventCodec.make([Schema.make<Message.Tagged, unknown>(form.schema.ast)])
  const told = form.written ? recorded.filter(({ _tag }) => _tag === form.type) : []
  const events = told.length > 0 ? told : generated(form.schema)
  const [longest] = events
    .flatMap((event) =>
      Either.match(encode(event), { onLeft: () => [], onRight: ({ payload }) => [payload] })
    )
    .sort((one, other) => other.length - one.length)
  if (longest === undefined) throw new Error(`no ${Forms.nameOf(form)} could be made: write the file by hand`)
  return JSON.parse(longest)
}

const recorded: ReadonlyArray<Message.Tagged> = Object.values(histories).flatMap((told) =>
  Object.values<ReadonlyArray<Message.Tagged>>(told).flat()
)

const generated = ({ ast }: Message.Any): ReadonlyArray<Message.Tagged> =>
  FastCheck.sample(Arbitrary.make(Schema.make<Message.Tagged, unknown>(ast)), { numRuns: 20, seed: 1 })
