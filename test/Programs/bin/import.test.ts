import Database from "better-sqlite3"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import * as OldHistory from "../../../src/Programs/bin/OldHistory.ts"
import { run } from "../run.ts"

const log = (...args: ReadonlyArray<string>) => run("src/Programs/bin/log.ts", { args })

const root = mkdtempSync(join(tmpdir(), "everfold-import-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

const change = (file: string, sql: string) => {
  const database = new Database(file)
  database.exec(sql)
  database.close()
}

/** An `event_store.db`, and where a log of it can be. */
const shop = () => {
  const directory = folder()
  const file = join(directory, "event_store.db")
  const database = new Database(file)
  database.exec(OldHistory.table)
  const insert = database.prepare(
    "insert into events (product_id, event_type, data, occurred_at) values (?, ?, ?, ?)"
  )
  for (const row of OldHistory.rows()) insert.run(row)
  database.close()
  return { file, data: join(directory, "data") }
}

describe.concurrent("npm run log -- import", { timeout: 240_000 }, () => {
  it("imports a table once, however often it is told to", async () => {
    const { data, file } = shop()
    expect(await log("import", file, data)).toEqual({
      code: 0,
      stdout: `${file} has 20 events: 20 are new in ${data}/log.db, 0 were there\n`,
      stderr: ""
    })
    expect((await log("import", file, data)).stdout).toBe(
      `${file} has 20 events: 0 are new in ${data}/log.db, 20 were there\n`
    )
    expect((await log("verify", data)).stdout).toMatch(
      /log[.]db is sound: 20 events \(20 decoded\) in 3 streams/
    )
  })

  it("names a row that it refuses, and goes on when it is put right", async () => {
    const { data, file } = shop()
    change(file, `update events set data = replace(data, '60', '-60') where id = 5`)
    expect(await log("import", file, data)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^everfold: \S+event_store[.]db, row 5: StockUpdated: .*new_stock.* actual -60; the rows before it are in \S+log[.]db: put it right, and import again\n$/
      )
    })
    change(file, `update events set data = replace(data, '-60', '60') where id = 5`)
    expect((await log("import", file, data)).stdout).toContain("20 events: 16 are new")
  })

  it("says what is wrong with a file, and makes nothing then", async () => {
    const directory = folder()
    const data = join(directory, "data")
    const missing = await log("import", join(directory, "none.db"), data)
    expect(missing.stderr).toMatch(
      /^everfold: there is no \S+none[.]db; look at the path and who may read it\n$/
    )
    const letter = join(directory, "letter.db")
    writeFileSync(letter, "a letter ".repeat(1000))
    expect((await log("import", letter, data)).stderr).toMatch(
      /file is not a database; FILE is an event_store[.]db, DIR the folder of a log\n$/
    )
    const other = join(directory, "other.db")
    change(other, "create table events (id integer primary key, data text)")
    expect((await log("import", other, data)).stderr).toMatch(
      /other[.]db has no table "events" with product_id, event_type, occurred_at; FILE is an event_store[.]db, /
    )
    expect(existsSync(data)).toBe(false)
  })
})
