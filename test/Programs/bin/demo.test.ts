import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { commit, openLog } from "../../Layers/sqlite/files.ts"
import { run } from "../run.ts"

const demo = (args: ReadonlyArray<string>, options: Parameters<typeof run>[1] = {}) =>
  run("src/Programs/bin/demo.ts", { ...options, args })

const root = mkdtempSync(join(tmpdir(), "everfold-demo-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

/** What `npm run demo` prints; ids, times and the folder stand for those of a run. */
const committed = readFileSync(new URL("../demo.txt", import.meta.url), "utf8")
const inMemory = committed
  .replace(/^Files in .*$/m, "In memory; nothing is kept.")
  .replace(/\n\nGo on from here: .*\n$/, "\n")

/** Puts the ids, times and folder of the committed text in place of those of a run. */
const plain = (output: string, directory = "") =>
  output
    .replaceAll(directory || "\0", "/tmp/everfold-demo-000000")
    .replace(/-[0-9a-f]{8}\b/g, "-00000000")
    .replace(/\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d\.\d{3}/g, "2026-01-05$109:00:00.000")

const isPrintedBySubscriber = (line: string) => /^\[[A-Z]+\] /.test(line)
const subscriberLines = (output: string) => output.split("\n").filter(isPrintedBySubscriber)

/** The story without what varies: who prints first, how stale a query is, what else happened in one millisecond. */
const story = (output: string) =>
  output
    .split("\n")
    .filter((line) => !isPrintedBySubscriber(line))
    .join("\n")
    .replace(
      /read model at [012], log at 2\n {2}Widget Pro: .*\n {2}Who/,
      "read model at 0, log at 2\n  Widget Pro: no row yet\n  Who"
    )
    .replace(/^( {2}at 2026.*in stock {2}).*$/m, "$149.99 EUR")

const widest = (output: string) => Math.max(...output.split("\n").map((line) => line.length))

const numbers = (output: string) =>
  [...output.matchAll(/read model at (\d+), log at (\d+)/g)].map(([, model, log]) => [
    Number(model),
    Number(log)
  ])

describe.concurrent("the demo", { timeout: 120_000 }, () => {
  it("tells the committed story in memory", async () => {
    const { code, stderr, stdout } = await demo(["--store", "memory"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(story(plain(stdout))).toBe(story(inMemory))
    // Each subscriber prints in the order of the log; who is first is nobody's promise.
    expect(subscriberLines(plain(stdout)).sort()).toEqual(subscriberLines(committed).sort())
    // Plain text, and nothing wider than a terminal.
    expect(stdout).not.toContain("\u001b")
    expect(widest(stdout)).toBeLessThanOrEqual(80)
    // How stale the first query is depends on how busy the machine is.
    expect(numbers(stdout)[1]).toEqual([2, 2])
  })

  it("tells the same story on SQLite, in a new folder", async () => {
    const { code, stderr, stdout } = await demo([], { env: { TMPDIR: folder() } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const directory = /^Files in (.*)$/m.exec(stdout)?.[1] ?? ""
    expect(story(plain(stdout, directory))).toBe(story(committed))
    expect(subscriberLines(plain(stdout)).sort()).toEqual(subscriberLines(committed).sort())
    expect(numbers(stdout)[1]).toEqual([2, 2])
    // No journal is left behind: both files were closed.
    expect(readdirSync(directory).sort()).toEqual(["log.db", "read.db"])
  })

  it("goes on where the files end", async () => {
    const directory = folder()
    const first = await demo(["--data", directory])
    const second = await demo(["--data", directory])
    expect([first.code, second.code, second.stderr]).toEqual([0, 0, ""])
    expect(second.stdout).toContain("The log holds 10 events of earlier runs; two new products join them.")
    expect(second.stdout).toContain("accepted at position 12")
    expect(numbers(second.stdout)[1]).toEqual([12, 12])
    expect(second.stdout).toContain("4 times, counted in the log")
    expect(second.stdout).toContain("20 events read, 4 rows built: the same as before.")
    // What was audited, alerted and counted by the first run is not done again.
    expect(subscriberLines(second.stdout)).toHaveLength(subscriberLines(first.stdout).length)
    const [id] = /gadget-[0-9a-f]{8}/.exec(first.stdout) ?? []
    expect(subscriberLines(second.stdout).join()).not.toContain(id)
  })

  it("writes nothing into the log of another application", async () => {
    const directory = folder()
    const file = join(directory, "log.db")
    const append = (stream: string) =>
      Effect.runPromise(Effect.scoped(Effect.flatMap(openLog(file), (log) => log.append(commit(stream, 1)))))
    await append("Product-1")
    await append("Invoice-7")
    expect(await demo(["--data", directory])).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: event 2 of the log is of "Invoice-7": the demo needs a folder of its own\n`
    })
    const head = Effect.flatMap(openLog(file), (log) => log.head)
    expect(await Effect.runPromise(Effect.scoped(head))).toBe(2)
  })

  it("explains itself", async () => {
    const { code, stderr, stdout } = await demo(["--help"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    for (const flag of ["--store sqlite", "--store memory", "--data DIR", "--help"])
      expect(stdout).toContain(flag)
    expect(widest(stdout)).toBeLessThanOrEqual(80)
  })
})

describe.concurrent("the demo refuses in one line", { timeout: 120_000 }, () => {
  it.each([
    ["an unknown flag", ["--colour"], "Unknown option '--colour'"],
    ["an unknown store", ["--store", "redis"], '--store is sqlite or memory, not "redis"']
  ])("%s", async (_, args, reason) => {
    expect(await demo(args)).toEqual({
      code: 2,
      stdout: "",
      stderr: `everfold: ${reason}; --help tells more\n`
    })
  })
})

describe.concurrent("the demo fails in one line on", { timeout: 120_000 }, () => {
  const failing = async (directory: string, ...texts: ReadonlyArray<string>) => {
    const { code, stderr, stdout } = await demo(["--data", directory])
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/^everfold: .+\n$/)
    for (const text of [directory, ...texts]) expect(stderr).toContain(text)
  }

  it("a folder that cannot be made", async () => {
    const file = join(folder(), "file")
    writeFileSync(file, "")
    await failing(file, "is a file, not a folder; the files need a folder of their own")
  })

  it("a folder that cannot hold the files", async () => {
    const directory = folder()
    mkdirSync(join(directory, "log.db"))
    await failing(directory, "log.db", "a folder that may be written")
  })

  it.each(["log.db", "read.db"])("a %s that is no database", async (file) => {
    const directory = folder()
    writeFileSync(join(directory, file), "This is a letter, not a database. ".repeat(100))
    await failing(directory, file, "a folder of their own")
  })

  it("a database of another program", async () => {
    const directory = folder()
    const database = new Database(join(directory, "log.db"))
    database.exec("create table letters (text)")
    database.close()
    await failing(directory, "log.db", "a folder of their own")
  })

  it("a database of a newer version", async () => {
    const directory = folder()
    await demo(["--data", directory])
    const database = new Database(join(directory, "log.db"))
    database.pragma("user_version = 99")
    database.close()
    await failing(directory, "log.db", "99", "a newer program has written there")
  })
})

describe.concurrent(
  "the demo without its native driver tells the story in memory",
  { timeout: 120_000 },
  () => {
    const script = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`
    const notBuilt = script(
      `process.dlopen = () => { throw new Error("Could not locate the bindings file.") }`
    )
    const notThere = script(
      `import Module from "node:module"
       const resolve = Module._resolveFilename
       Module._resolveFilename = (name, ...rest) => {
         if (name !== "better-sqlite3") return resolve(name, ...rest)
         const error = new Error("Cannot find module '" + name + "'\\nRequire stack:\\n- x")
         throw Object.assign(error, { code: "MODULE_NOT_FOUND" })
       }`
    )

    it.each([
      ["not built", notBuilt, "the native driver of better-sqlite3 is not built for this Node"],
      ["not installed", notThere, "a package is not installed: Cannot find module 'better-sqlite3'"]
    ])("%s", async (_, preload, reason) => {
      const { code, stderr, stdout } = await demo([], {
        nodeArgs: ["--import", preload],
        env: { TMPDIR: folder() }
      })
      expect(stderr).toBe(`everfold: ${reason}; told in memory, nothing is kept\n`)
      expect(story(plain(stdout))).toBe(story(inMemory))
      expect(code).toBe(0)
    })
  }
)
