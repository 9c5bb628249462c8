import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { commit, openLog } from "../../Layers/sqlite/files.ts"
import { start } from "../run.ts"

// What is packed is built, and put where npm would put it: that is what an adopter has.

const root = resolve(import.meta.dirname, "../../..")
const scratch = fs.mkdtempSync(join(tmpdir(), "everfold-package-test-"))
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }))

const { bin, peerDependencies, version } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"))
const peers = Object.keys(peerDependencies)

let shipped: ReadonlyArray<string> = []

/** Builds, and returns the files that `npm pack` would take. */
const build = async (folder: string) => {
  for (const name of ["package.json", "tsconfig.json", "tsconfig.build.json", "src"])
    fs.cpSync(join(root, name), join(folder, name), { recursive: true })
  fs.symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  const run = promisify(execFile)
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  await run(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noCheck"], { cwd: folder })
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder })
  const [{ files }] = JSON.parse(stdout)
  return files.map(({ path }: { readonly path: string }) => path)
}

/** A program's folder, where everfold is installed, with some of the packages that it may use. */
const install = (app: string, packages: ReadonlyArray<string>) => {
  const modules = join(scratch, app, "node_modules")
  for (const path of shipped) fs.cpSync(join(scratch, "package", path), join(modules, "everfold", path))
  for (const name of packages) {
    fs.mkdirSync(dirname(join(modules, name)), { recursive: true })
    fs.symlinkSync(join(root, "node_modules", name), join(modules, name))
  }
}

const everfold = (app: string, ...args: ReadonlyArray<string>) =>
  start([join(scratch, app, "node_modules/everfold", bin.everfold), ...args])

/** A folder with a log that nobody has looked at. */
const some = join(scratch, "some")

beforeAll(async () => {
  fs.mkdirSync(some)
  fs.writeFileSync(join(some, "log.db"), "")
  shipped = await build(join(scratch, "package"))
  install("with", peers)
  install("without", ["effect"])
  install(
    "halfway",
    peers.filter((name) => name !== "@effect/sql-sqlite-node")
  )
}, 240_000)

const logFolder = async (name: string) => {
  const directory = join(scratch, name)
  fs.mkdirSync(directory)
  const written = Effect.flatMap(openLog(join(directory, "log.db")), (log) =>
    log.append(commit("Order-1", 3))
  )
  await Effect.runPromise(Effect.scoped(written))
  return directory
}

describe("what is packed", () => {
  it("is the doors, the command line, and what they reach; and no context of the examples", () => {
    const programs = shipped.filter((path) => path.startsWith("dist/Programs/"))
    expect(programs.filter((path) => path.endsWith(".js")).sort()).toEqual([
      "dist/Programs/Paint.js",
      "dist/Programs/Terminal.js",
      "dist/Programs/bin/Advice.js",
      "dist/Programs/bin/CommandLine.js",
      "dist/Programs/bin/LogCommand.js",
      "dist/Programs/bin/LogFlags.js",
      "dist/Programs/bin/Main.js",
      "dist/Programs/bin/Package.js",
      "dist/Programs/bin/StatusCommand.js",
      "dist/Programs/bin/StatusFlags.js",
      "dist/Programs/bin/everfold.js",
      "dist/Programs/status/StatusTable.js",
      "dist/Programs/status/SubscriptionStatus.js"
    ])
    expect(programs.filter((path) => path.endsWith(".d.ts"))).toEqual([])
    expect(
      shipped.filter((path) => /\/(?:Catalogue|Ordering|Purchasing|Allocation|stages)\//.test(path))
    ).toEqual([])
    expect(shipped).toContain(bin.everfold.replace(/^[.]\//, ""))
  })

  it("begins with what a shell needs to know", () => {
    expect(fs.readFileSync(join(scratch, "package", bin.everfold), "utf8")).toMatch(
      /^#!\/usr\/bin\/env node\n/
    )
  })
})

describe.concurrent("npx everfold", { timeout: 120_000 }, () => {
  it("explains itself, and says which release it is", async () => {
    const help = await everfold("with", "--help")
    expect(help).toMatchObject({ code: 0, stderr: "" })
    for (const text of ["npx everfold <command>", "status DIR", "log ...", "--version"])
      expect(help.stdout).toContain(text)
    expect(await everfold("with", "--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" })
    expect((await everfold("with", "log", "--help")).stdout).toContain("Usage: npx everfold log <command>")
    expect((await everfold("with", "status", "--help")).stdout).toContain("Usage: npx everfold status DIR")
  })

  it.each([
    [[], "name a command: status or log"],
    [["demo"], 'the command is status or log, not "demo"'],
    [["log"], "name a command: verify, backup or restore"],
    [["status"], "status takes DIR"]
  ])("refuses %j", async (args, reason) => {
    expect(await everfold("with", ...args)).toEqual({
      code: 2,
      stdout: "",
      stderr: `everfold: ${reason}; --help tells more\n`
    })
  })

  it("looks after the log of any program", async () => {
    const directory = await logFolder("theirs")
    const [copy, restored] = [join(directory, "copy.db"), join(scratch, "restored")]
    const verified = await everfold("with", "log", "verify", directory)
    expect(verified).toMatchObject({ code: 0, stderr: "" })
    expect(verified.stdout).toMatch(/log[.]db is sound: 3 events in 1 streams, 0 checkpoints; positions, /)
    expect(await everfold("with", "log", "backup", directory, copy)).toMatchObject({ code: 0, stderr: "" })
    expect(await everfold("with", "log", "restore", copy, restored)).toMatchObject({ code: 0, stderr: "" })
    expect(await everfold("with", "status", restored)).toEqual({
      code: 0,
      stdout: "  No subscriber has ever run here.\n",
      stderr: ""
    })
  })

  it("gives advice that can be typed where it is read", async () => {
    const directory = await logFolder("damaged")
    const database = new Database(join(directory, "log.db"))
    database.exec("drop trigger events_no_update; update events set payload = '{}' where position = 2")
    database.close()
    const { code, stderr } = await everfold("with", "log", "verify", directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(/sound backup: npx everfold log restore FILE DIR --replace\n$/)
  })

  it.each([
    ["status", some],
    ["log", "verify", some]
  ])("says which packages are missing: %s", async (...args) => {
    const needed = (names: ReadonlyArray<string>) => ({
      code: 1,
      stdout: "",
      stderr: `everfold: SQLite needs packages that are not installed: npm install ${names
        .map((name) => `${name}@${peerDependencies[name]}`)
        .join(" ")}\n`
    })
    expect(await everfold("without", ...args)).toEqual(needed(peers.filter((name) => name !== "effect")))
    expect(await everfold("halfway", ...args)).toEqual(needed(["@effect/sql-sqlite-node"]))
    expect((await everfold("without", "--version")).stdout).toBe(`${version}\n`)
  })
})
