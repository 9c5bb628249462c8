import Database from "better-sqlite3"
import { Expected } from "everfold"
import * as Effect from "effect/Effect"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openLog } from "../../Layers/sqlite/files.ts"
import { run } from "../run.ts"

const log = (...args: ReadonlyArray<string>) => run("src/Programs/bin/log.ts", { args })

const root = mkdtempSync(join(tmpdir(), "everfold-log-test-"))
const original = join(root, "original")
beforeAll(async () => {
  const { code } = await run("src/Programs/bin/demo.ts", { args: ["--data", original] })
  expect(code).toBe(0)
}, 120_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

/** A folder with what the demo has written. */
const logFolder = () => {
  const directory = folder()
  // A closed log is one file.
  copyFileSync(join(original, "log.db"), join(directory, "log.db"))
  return directory
}

const change = (directory: string, sql: string) => {
  const database = new Database(join(directory, "log.db"))
  database.exec(sql)
  database.close()
}

/** A log whose second event is of a later program. */
const writeForeign = (file: string) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const store = yield* openLog(file)
        const payload = JSON.stringify({ productId: "1" })
        const events = ["ProductViewed", "NotYetKnown"].map((type) => ({ type, revision: 2, payload }))
        const parts = [{ stream: "Product-1", expected: Expected.any, events }]
        yield* store.append({ id: "command", metadata: {}, parts })
      })
    )
  )

const sound = String.raw`\d+ events(?: \([1-9]\d* decoded\))? in \d+ streams, \d+ checkpoints; positions, versions, times, commits, checksums, tables and triggers are as they should be`

describe.concurrent("npm run log", { timeout: 240_000 }, () => {
  it("verifies a log, and decodes all of its events", async () => {
    const { code, stderr, stdout } = await log("verify", original)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const [, file, events, decoded] = /^(\S+) is sound: (\d+) events \((\d+) decoded\)/.exec(stdout) ?? []
    expect(file).toBe(join(original, "log.db"))
    expect(Number(events)).toBeGreaterThan(5)
    expect(decoded).toBe(events)
    expect(stdout).toMatch(new RegExp(`^\\S+ is sound: ${sound}\n$`))
  })

  it("copies a log, and verifies the copy by its name", async () => {
    const file = join(folder(), "copy.db")
    const copied = await log("backup", original, file)
    expect(copied).toMatchObject({ code: 0, stderr: "" })
    expect(copied.stdout).toMatch(new RegExp(`^${file} is a sound copy of ${original}/log.db: ${sound}\n$`))
    expect((await log("verify", file)).stdout).toMatch(new RegExp(`^${file} is sound: ${sound}\n$`))
    expect(await log("backup", original, file)).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${file} is there already; name another place, or say --overwrite\n`
    })
    expect(await log("backup", original, file, "--overwrite")).toMatchObject({ code: 0, stderr: "" })
  })

  it("restores a log, keeps the former one, and says what to do about the rows", async () => {
    const file = join(original, "log.db")
    const directory = folder()
    const restored = await log("restore", file, directory)
    expect(restored).toMatchObject({ code: 0, stderr: "" })
    expect(restored.stdout).toMatch(
      new RegExp(
        `^${directory}/log.db is restored, epoch 2: ${sound}[.] Rows are built again; subscribers with effects wait until somebody resumes them[.]\n$`
      )
    )
    expect(readdirSync(directory)).toEqual(["log.db"])
    expect(await log("restore", file, directory)).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${directory}/log.db is there already; name another place, or say --replace\n`
    })
    const again = await log("restore", file, directory, "--replace")
    expect(again).toMatchObject({ code: 0, stderr: "" })
    expect(again.stdout).toMatch(/epoch 3: .* The log that was there is \S+log[.]db[.]replaced-\S+[.] Rows/)
    expect(readdirSync(directory)).toHaveLength(2)
  })

  it("names the first bad event, and what to do", async () => {
    const directory = logFolder()
    change(
      directory,
      "drop trigger events_no_update; update events set payload = '{}' where position in (3, 5)"
    )
    const { code, stderr, stdout } = await log("verify", directory)
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(
      /^everfold: \S+log[.]db is not sound: event 3 \(\w+, [\w-]+ version \d+\): its checksum does not fit what is stored \(and 1 more\); keep the file, and restore the newest sound backup: npm run log -- restore FILE DIR --replace\n$/
    )
    const file = join(folder(), "copy.db")
    const copied = await log("backup", directory, file)
    expect(copied).toMatchObject({ code: 1, stdout: "" })
    expect(copied.stderr).toMatch(/^everfold: \S+log[.]db: event 3 .*; nothing was copied; .*verify/)
    expect((await log("verify", file)).stderr).toMatch(/^everfold: there is no /)
  })

  it("tells a program that is too old from a log that is damaged", async () => {
    const directory = folder()
    await writeForeign(join(directory, "log.db"))
    const { code, stderr } = await log("verify", directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /is not sound: event 2 \(NotYetKnown, Product-1 version 2\): is none of the declared events; the event is as it was written: run the program that has written it, restore nothing\n$/
    )
  })

  it("tells that somebody has taken the protection away", async () => {
    const directory = logFolder()
    change(directory, "drop trigger events_no_delete")
    const { code, stderr } = await log("verify", directory)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /is not sound: the trigger events_no_delete is missing; every event fits its checksum: keep the file, and find out who has changed it\n$/
    )
  })

  it("does not replace a log that is in use", async () => {
    const [file, directory] = [join(original, "log.db"), logFolder()]
    const user = new Database(join(directory, "log.db"))
    user.pragma("journal_mode = wal")
    user.prepare("select * from log").all()
    expect(await log("restore", file, directory, "--replace")).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${directory}/log.db: database is locked; stop the programs that use the log, then try again\n`
    })
    user.close()
    expect((await log("restore", file, directory, "--replace")).code).toBe(0)
  })

  it.each([
    ["verify", (path: string) => ["verify", path]],
    ["backup", (path: string) => ["backup", path, join(root, "never.db")]],
    ["restore", (path: string) => ["restore", join(path, "log.db"), join(root, "never")]]
  ])("%s says what is wrong with a path, and makes nothing there", async (_, args) => {
    const directory = folder()
    const missing = await log(...args(directory))
    expect(missing).toMatchObject({ code: 1, stdout: "" })
    expect(missing.stderr).toMatch(
      /^everfold: there is no \S+log[.]db; look at the path and who may read it\n$/
    )
    expect(readdirSync(directory)).toEqual([])
    expect(existsSync(join(root, "never"))).toBe(false)
    writeFileSync(join(directory, "log.db"), "a letter ".repeat(1000))
    const letter = await log(...args(directory))
    expect(letter).toMatchObject({ code: 1, stdout: "" })
    expect(letter.stderr).toMatch(
      /file is not a database; name the folder of a log, or a file that backup has made\n$/
    )
    expect(existsSync(join(root, "never"))).toBe(false)
  })

  it("says so where a file is named in place of a folder", async () => {
    const directory = logFolder()
    expect(await log("backup", join(directory, "log.db"), join(directory, "copy.db"))).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${directory}/log.db is a file, not a folder; name the folder of a log, or a file that backup has made\n`
    })
  })

  it("says what is missing when nothing is asked for", async () => {
    expect((await log()).stderr).toBe(
      "everfold: name a command: verify, backup, restore or import; --help tells more\n"
    )
  })

  it("explains itself", async () => {
    const { code, stderr, stdout } = await log("--help")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    for (const text of ["verify DIR", "backup DIR FILE", "restore FILE DIR", "--overwrite", "--replace"])
      expect(stdout).toContain(text)
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it("refuses a command line that makes no sense", async () => {
    expect(await log("verify")).toEqual({
      code: 2,
      stdout: "",
      stderr: "everfold: verify takes DIR; --help tells more\n"
    })
  })
})
