import { layer as reactivity } from "@effect/experimental/Reactivity"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as everfold from "everfold"
import * as sqlite from "everfold/sqlite"
import * as testing from "everfold/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"

// docs/seeds.md says what each name of the examples is here. What it names must be there: a module's export behind the
// public door of the kernel or in a context or a program, or, behind a #, what a port or a `make` gives.

const docs = path.resolve(import.meta.dirname, "../docs")
const text = fs.readFileSync(path.join(docs, "seeds.md"), "utf8")

/** Each item of a list, in one line. */
const items = text
  .split(/^ *- /m)
  .slice(1)
  .map((item) => item.split("\n\n")[0]?.replace(/\s+/g, " ").trim() ?? "")
const links = Array.from(
  new Map(
    [...text.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([link, label = "", target = ""]) => [
      link,
      { label, target }
    ])
  ),
  ([, link]) => link
)
const named = links.flatMap(({ label, target }) => {
  const [, name = "", member] = /^`(\w+(?:[.]\w+)*)(?:#(\w+))?`$/.exec(label) ?? []
  return name === "" ? [] : [{ label, target, file: path.resolve(docs, target), name, member }]
})

const isKernel = (file: string) =>
  /[/]src[/](Domain|Services|Layers[/][a-z]+|Layers)[/][A-Z]\w+[.]ts$/.test(file)
const doors: ReadonlyArray<object> = [everfold, sqlite, testing]

const dig = (value: unknown, [key, ...rest]: ReadonlyArray<string>): unknown =>
  key === undefined ? value : Predicate.hasProperty(value, key) ? dig(value[key], rest) : undefined

/** What a name stands for in a file; the module itself, or what has the name of the module in it. */
const found = (module: unknown, [base = "", ...rest]: ReadonlyArray<string>): unknown =>
  (rest.length === 0 ? undefined : dig(module, rest)) ?? dig(module, [base, ...rest])

/** What the `make` of a stage gives on a database. */
const made = (make: unknown): Effect.Effect<unknown> =>
  Effect.gen(function* () {
    const sql = yield* SqliteClient.make({ filename: ":memory:" })
    return Predicate.isFunction(make) ? Reflect.apply(make, undefined, [sql, sql]) : undefined
  }).pipe(Effect.provide(reactivity), Effect.scoped)

/** What a port does, asked of the stack in memory. */
const served = (tag: unknown): Effect.Effect<unknown> =>
  Effect.map(Layer.build(everfold.MemoryStack.layer), (stack) =>
    Context.isTag(tag) ? stack.unsafeMap.get(tag.key) : undefined
  ).pipe(Effect.scoped, Effect.orDie)

describe("docs/seeds.md", () => {
  it("says of each name what it is here, or that there is none", () => {
    expect(items.length).toBeGreaterThan(100)
    expect(items.filter((item) => !/^[^→]+ → (none[ :]|.*\[[^\]]+\]\()/.test(item))).toEqual([])
    expect(items.filter((item) => / → none[^:]*$/.test(item))).toEqual([])
  })

  it("links to what is there", () => {
    const missing = links.filter(({ target }) => !fs.existsSync(path.join(docs, target.replace(/#.*$/, ""))))
    expect(missing).toEqual([])
  })

  it("writes a name as it is to be looked up", () => {
    const odd = links.filter(({ label }) => label.includes("`") && !named.some((one) => one.label === label))
    expect(odd).toEqual([])
    expect(named.filter(({ file, name }) => name.split(".")[0] !== path.basename(file, ".ts"))).toEqual([])
  })

  it.each(named)("$label is in $target", async ({ file, member, name }) => {
    const module: unknown = await import(file)
    const base = path.basename(file, ".ts")
    if (isKernel(file)) expect(doors.filter((door) => dig(door, [base]) === module)).toHaveLength(1)
    if (member === undefined) return expect(found(module, name.split("."))).toBeDefined()
    const given = await Effect.runPromise(
      isKernel(file) ? served(dig(module, [name])) : made(dig(module, ["make"]))
    )
    expect(dig(given, [member])).toBeDefined()
  })
})
