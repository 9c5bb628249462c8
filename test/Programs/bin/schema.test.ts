import { describe, expect, it } from "@effect/vitest"
import { Message, Revisions } from "everfold"
import { SchemaLock } from "everfold/testing"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve, sep } from "node:path"
import { afterAll } from "vitest"
import { app } from "../../../src/Programs/bin/SchemaApp.ts"
import { check } from "../../../src/Programs/bin/SchemaCheck.ts"
import { parse } from "../../../src/Programs/bin/SchemaFlags.ts"
import { printed } from "../../../src/Programs/Printed.ts"
import { run } from "../run.ts"

const root = mkdtempSync(join(tmpdir(), "everfold-schema-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const git = (cwd: string, ...args: ReadonlyArray<string>) =>
  execFileSync(
    "git",
    ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "tag.gpgSign=false", ...args],
    {
      cwd,
      stdio: ["ignore", "pipe", "pipe"]
    }
  )

let folders = 0
/** A repository with an app in a folder of its own. */
const repository = () => {
  const directory = join(root, String(++folders), "app")
  mkdirSync(directory, { recursive: true })
  git(join(directory, ".."), "init", "--quiet")
  return directory
}
const commit = (directory: string, message: string) => {
  git(directory, "add", "--all")
  git(directory, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", message)
}

const stock = Schema.Int.pipe(Schema.nonNegative())
const first = Schema.TaggedStruct("StockUpdated", { stock })
const tighter = { stock: Schema.Int.pipe(Schema.greaterThanOrEqualTo(1)) }
class Tightened extends Message.Struct<Tightened>()("StockUpdated", tighter) {}
class Revised extends Message.Struct<Revised>()(
  "StockUpdated",
  tighter,
  Revisions.first(first).now((old) => ({ stock: Math.max(1, old.stock) }))
) {}
class Viewed extends Message.Struct<Viewed>()("Viewed", { by: Schema.String }) {}

const appOf = (...events: Message.List): SchemaLock.App => ({
  aggregates: [{ name: "Product", events, commands: [], state: Schema.Struct({}) }]
})

/** What the check prints, and why it refuses. */
const told = (shop: SchemaLock.App, directory: string, update = false) =>
  printed(
    Effect.catchAll(check(shop, { root: directory, update }), ({ message }) =>
      Console.log(`\nRefused: ${message}`)
    )
  )
const lockIn = (directory: string) => readFileSync(join(directory, "schema.lock.json"), "utf8")

/** A repository whose first release stores `StockUpdated`, and which has gone on since. */
const released = Effect.gen(function* () {
  const directory = repository()
  yield* told(appOf(first), directory, true)
  commit(directory, "one")
  git(directory, "tag", "v1")
  commit(directory, "two")
  return directory
})

const clean = (forms: string, said: string) =>
  [
    `  schema.lock.json is what the code says: ${forms},`,
    "  0 commands, 0 projections, 0 kept states.",
    said
  ].join("\n")
const readable = "  Whatever v1 has stored can be read."

const broken = `── Breaking since v1 ───────────────────────────────────────────────────────────
  - event StockUpdated revision 1: "stock" was an integer from 0, now an integer
    from 1: 0 was accepted and is refused; add a revision

Refused: 1 change breaks what is stored since v1`

describe("the check of the shapes", { timeout: 60_000 }, () => {
  it.effect("allows every change before the first release", () =>
    Effect.gen(function* () {
      const directory = repository()
      commit(directory, "one")
      git(directory, "tag", "v0")
      const nothing =
        "  No tag has a schema.lock.json: nothing is released yet, and every shape may\n  change."
      expect(yield* told(appOf(first), directory)).toContain("there is no lock yet")
      expect(existsSync(join(directory, "schema.lock.json"))).toBe(false)
      yield* told(appOf(first), directory, true)
      expect(yield* told(appOf(first), directory)).toBe(clean("1 event in 1 form", nothing))
      yield* told(appOf(Tightened), directory, true)
      expect(yield* told(appOf(Tightened), directory)).toBe(clean("1 event in 1 form", nothing))
    })
  )

  it.effect("is clean while a released event is what it was", () =>
    Effect.gen(function* () {
      const directory = yield* released
      expect(yield* told(appOf(first), directory)).toBe(clean("1 event in 1 form", readable))
    })
  )

  it.effect("fails on a tightened event, shows the difference, and writes nothing", () =>
    Effect.gen(function* () {
      const directory = yield* released
      const before = lockIn(directory)
      expect(yield* told(appOf(Tightened), directory)).toBe(broken)
      expect(yield* told(appOf(Tightened), directory, true)).toBe(broken)
      expect(lockIn(directory)).toBe(before)
    })
  )

  it.effect("fails when the lock was changed together with the code, in one commit or in several", () =>
    Effect.gen(function* () {
      const directory = yield* released
      writeFileSync(join(directory, "schema.lock.json"), SchemaLock.print(SchemaLock.make(appOf(Tightened))))
      commit(directory, "three")
      expect(yield* told(appOf(Tightened), directory)).toBe(broken)
      git(directory, "rm", "--quiet", "schema.lock.json")
      commit(directory, "four")
      git(directory, "tag", "v2")
      expect(yield* told(appOf(Tightened), directory)).toBe(broken)
    })
  )

  it.effect("passes again when the event has another revision, and the lock says so", () =>
    Effect.gen(function* () {
      const directory = yield* released
      expect(yield* told(appOf(Revised), directory)).toBe(
        `── Allowed since v1 ────────────────────────────────────────────────────────────
  - event StockUpdated revision 2 is new

── Not in schema.lock.json ─────────────────────────────────────────────────────
  - event StockUpdated revision 2 is new

Refused: schema.lock.json is not what the code says; npm run schema:check -- --update writes it`
      )
      yield* told(appOf(Revised), directory, true)
      expect(yield* told(appOf(Revised), directory)).toContain(clean("1 event in 2 forms", readable))
      commit(directory, "three")
      git(directory, "tag", "v2")
      expect(yield* told(appOf(Revised), directory)).toBe(
        clean("1 event in 2 forms", "  Whatever v2 has stored can be read.")
      )
    })
  )

  it.effect("wants a new event to be locked", () =>
    Effect.gen(function* () {
      const directory = yield* released
      expect(yield* told(appOf(first, Viewed), directory)).toContain("Refused: schema.lock.json is not what")
      yield* told(appOf(first, Viewed), directory, true)
      expect(yield* told(appOf(first, Viewed), directory)).toContain(clean("2 events in 2 forms", readable))
    })
  )

  it.effect("refuses a lock that is none, a filter that cannot be seen, and a folder without releases", () =>
    Effect.gen(function* () {
      const directory = yield* released
      writeFileSync(join(directory, "schema.lock.json"), "<<<<<<<")
      expect(yield* told(appOf(first), directory)).toContain("it is no lock: ")
      const hidden = Schema.TaggedStruct("Seen", { by: Schema.String.pipe(Schema.filter((by) => by !== "")) })
      expect(yield* told(appOf(hidden), directory)).toContain(
        'Refused: event Seen revision 1: "by" has a filter'
      )
      expect(yield* told(appOf(first), root)).toContain("Refused: git does not tell what is released")
    })
  )

  it.effect("refuses a clone that has no tags because it is not a whole one", () =>
    Effect.gen(function* () {
      const directory = yield* released
      const clone = join(root, "shallow")
      git(root, "clone", "--quiet", "--depth=1", `file://${join(directory, "..")}`, clone)
      expect(yield* told(appOf(first), join(clone, "app"))).toContain("is a shallow clone without the tags")
    })
  )
})

describe("npm run schema:check", { timeout: 60_000 }, () => {
  it("finds the shapes of this repository as they are locked", async () => {
    const { code, stderr, stdout } = await run("src/Programs/bin/schema.ts")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain("schema.lock.json is what the code says")
  })

  it("knows every aggregate and every projection of a context", async () => {
    const domain = resolve(import.meta.dirname, "../../../src/Domain")
    const files = readdirSync(domain, { recursive: true, encoding: "utf8" })
    const modules = await Promise.all(
      files
        .filter((file) => file.includes(sep) && file.endsWith(".ts"))
        .map((file): Promise<object> => import(join(domain, file)))
    )
    const named = (mark: string) =>
      modules
        .flatMap((module): ReadonlyArray<unknown> => Object.values(module))
        .filter((value) => Predicate.hasProperty(value, mark) && Predicate.hasProperty(value, "name"))
        .map(({ name }) => String(name))
        .sort()
    expect(app.aggregates.map(({ name }) => name).sort()).toEqual(named("evolve"))
    expect(app.rows?.map(({ projection: { name } }) => name).sort()).toEqual(named("encodeRow"))
  })

  it.effect.each([
    [[], { _tag: "Check", update: false }],
    [["--update"], { _tag: "Check", update: true }],
    [["--help"], { _tag: "Help" }]
  ] as const)("understands %j", ([args, flags]) =>
    Effect.map(parse(args), (parsed) => expect(parsed).toEqual(flags))
  )

  it("refuses what it does not understand", async () => {
    const { code, stderr, stdout } = await run("src/Programs/bin/schema.ts", { args: ["--force"] })
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toBe("everfold: Unknown option '--force'; --help tells more\n")
  })
})
