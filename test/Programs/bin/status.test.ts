import Database from "better-sqlite3"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import * as Somebody from "../../Somebody.ts"
import type { Ended } from "../run.ts"
import { run } from "../run.ts"

const status = (...args: ReadonlyArray<string>) => run("src/Programs/bin/status.ts", { args })

const root = mkdtempSync(join(tmpdir(), "everfold-status-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

/** Looks while a program runs; it is stopped afterwards. */
const beside = async (
  args: ReadonlyArray<string>,
  look: () => Promise<ReadonlyArray<Ended>>,
  signal: NodeJS.Signals = "SIGTERM"
) => {
  let looking: Promise<ReadonlyArray<Ended>> = Promise.resolve([])
  await run("test/Programs/bin/catalogue.ts", {
    args,
    onOutput: (kill) => {
      looking = look().finally(() => kill(signal))
    }
  })
  return await looking
}

describe.concurrent("npm run status", { timeout: 120_000 }, () => {
  it("shows who is live, and ends with 0", async () => {
    const directory = folder()
    const [shown] = await beside([directory], async () => [await status(directory)])
    expect(shown).toMatchObject({ code: 0, stderr: "" })
    const lines = shown?.stdout.trimEnd().split("\n") ?? []
    expect(lines[0]).toMatch(/^NAME +KIND +STATUS +POSITION +LAG +BEHIND +RATE +ETA +ERRORS +PARKED +RUN BY$/)
    expect(lines.slice(1).map((line) => line.split(/ +/)[0])).toEqual([
      "audit-log",
      "low-stock-alert",
      "open-order",
      "product-card",
      "product-detail",
      "product-listing",
      "restock"
    ])
    for (const line of lines.slice(1)) {
      expect(line).toMatch(/^\S+ +\w+ +live +2 +0 +0 s +(?:–|\d+\/s) +0 s +0 +0 +[0-9a-f]{8}$/)
    }
    // The program has been stopped: nobody has a lease, and nothing that was reported is believed.
    const after = await status(directory, "--json")
    expect(after).toMatchObject({ code: 0, stderr: "" })
    const reports = after.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown)
    expect(reports).toHaveLength(7)
    for (const report of reports)
      expect(report).toMatchObject({ status: "NotRunning", owner: null, position: 2 })
  })

  it("says who has halted and why, and ends with 3", async () => {
    const directory = folder()
    const [shown, json] = await beside([directory, "halts"], () =>
      Promise.all([status(directory), status(directory, "--json")])
    )
    expect(shown).toMatchObject({ code: 3, stderr: "everfold: halted: broken\n" })
    expect(shown?.stdout).toMatch(/^broken +projection +halted +0 +2 +\d+ s /m)
    expect(shown?.stdout).toMatch(
      /\n\n {2}halted: broken: at position 1, ProductCreated \(Product-lamp version 1\): Error: a mistake\n$/
    )
    expect(json?.code).toBe(3)
    const reports = (json?.stdout ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown)
    expect(reports).toHaveLength(8)
    expect(reports).toContainEqual(
      expect.objectContaining({
        name: "broken",
        kind: "Projection",
        status: "Halted",
        position: 0,
        lag: 2,
        errors: 1
      })
    )
    // It has ended since, and that somebody has to look at it is as true as before.
    const after = await status(directory)
    expect(after).toMatchObject({ code: 3, stderr: "everfold: halted: broken\n" })
    expect(after.stdout).toMatch(/^broken +projection +not running +0 +2 /m)
    expect(after.stdout).toMatch(/\n\n {2}halted: broken: at position 1, /)
  })

  it("forgets on demand who is no more, and nobody who runs", async () => {
    const directory = folder()
    const [held] = await beside([directory, "halts"], async () => [
      await status(directory, "--forget", "broken")
    ])
    expect(held).toMatchObject({ code: 1, stdout: "" })
    expect(held?.stderr).toMatch(
      /^everfold: "broken" is run by \S+, which has its lease until \S+; stop it, /
    )
    expect(await status(directory, "--forget", "borken")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'everfold: no subscriber is called "borken"; there are: audit-log, broken, low-stock-alert, ' +
        "open-order, product-card, product-detail, product-listing, restock\n"
    })
    expect((await status(directory)).code).toBe(3)
    expect(await status(directory, "--forget", "broken")).toEqual({
      code: 0,
      stdout: '"broken" is forgotten. Its checkpoint stays: when it runs again, it goes on there.\n',
      stderr: ""
    })
    const after = await status(directory)
    expect(after).toMatchObject({ code: 0, stderr: "" })
    expect(after.stdout).not.toContain("broken")
    expect(after.stdout.trimEnd().split("\n")).toHaveLength(8)
  })

  it("sees at once that a program was killed, where that can be told", async () => {
    const directory = folder()
    await beside([directory], async () => [await status(directory)], "SIGKILL")
    const { code, stdout } = await status(directory, "--json")
    expect(code).toBe(0)
    const expected = process.platform === "linux" ? "NotRunning" : "Live"
    expect(stdout.match(/"status":"\w+"/g)).toEqual(Array(7).fill(`"status":"${expected}"`))
  })

  it.runIf(Somebody.canRun)("says what to do about a folder that may not be written", async () => {
    const directory = folder()
    await run("src/Programs/bin/demo.ts", { args: ["--data", directory] })
    chmodSync(root, 0o755)
    chmodSync(directory, 0o555)
    const shown = await run("src/Programs/bin/status.ts", { args: [directory], asSomebody: true })
    chmodSync(directory, 0o755)
    expect(shown).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${directory}/log.db: attempt to write a readonly database; the folder must be writable, if only for SQLite's -shm\n`
    })
  })

  it("changes nothing in the files, and does without a read database", async () => {
    const directory = folder()
    await run("src/Programs/bin/demo.ts", { args: ["--data", directory] })
    rmSync(join(directory, "read.db"))
    const before = readFileSync(join(directory, "log.db"))
    const shown = await status(directory)
    expect(shown).toMatchObject({ code: 0, stderr: "" })
    // Where the rows are that are gone nobody knows; the others have their checkpoints in the log.
    expect(shown.stdout).toMatch(/^product-card +projection +not running +– +– +– /m)
    expect(shown.stdout).toMatch(/^restock +reaction +not running +\d+ +0 +0 s /m)
    expect(readFileSync(join(directory, "log.db")).equals(before)).toBe(true)
    expect(readdirSync(directory)).not.toContain("read.db")
  })

  it("says what is wrong with a folder, makes nothing there, and ends with 1", async () => {
    const directory = folder()
    const missing = await status(directory)
    expect(missing).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: there is no ${directory}/log.db; look at the path and who may read it\n`
    })
    expect(readdirSync(directory)).toEqual([])
    writeFileSync(join(directory, "log.db"), "a letter ".repeat(1000))
    expect(await status(directory)).toMatchObject({ code: 1, stdout: "" })
    const other = folder()
    const database = new Database(join(other, "log.db"))
    database.exec("create table letters (text)")
    database.close()
    expect(await status(other)).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${other}/log.db is no log; name the folder of a log, or a file that backup has made\n`
    })
    expect(await status(join(other, "log.db"))).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${other}/log.db is a file, not a folder; name the folder of a log, or a file that backup has made\n`
    })
  })

  it("explains itself, and ends with 2 when the command line makes no sense", async () => {
    const { code, stdout } = await status("--help")
    expect(code).toBe(0)
    for (const text of ["DIR", "--json", "--forget NAME", "Exit code"]) expect(stdout).toContain(text)
    expect(await status()).toEqual({
      code: 2,
      stdout: "",
      stderr: "everfold: status takes DIR; --help tells more\n"
    })
  })
})
