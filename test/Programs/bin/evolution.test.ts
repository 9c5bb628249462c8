import { Projector, MemoryStack, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { ProductListing } from "../../../src/Domain/Catalogue/ProductListing.ts"
import * as OldHistory from "../../../src/Programs/bin/OldHistory.ts"
import * as OldShop from "../../../src/Programs/bin/OldShop.ts"
import * as Import from "../../../src/Programs/evolution/Import.ts"
import { listProducts } from "../../../src/Services/Catalogue/Queries.ts"
import { run } from "../run.ts"

const root = mkdtempSync(join(tmpdir(), "everfold-evolution-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

const demo = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  run("src/Programs/bin/demo.ts", { args: ["evolution", ...args], env: { TMPDIR: folder(), ...env } })

/** What the story prints, with a folder that stands for that of a run. */
const committed = readFileSync(new URL("../evolution.txt", import.meta.url), "utf8")
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

const withPython = "  bench/seeds.py has run: the example that everfold grew from, in Python."
const without = "  No python3 here: this program writes the rows that bench/seeds.py would write."

const seeds = fileURLToPath(new URL("../../../bench/seeds.py", import.meta.url))
const hasPython = spawnSync("python3", ["-c", "match 0:\n  case 0: pass"]).status === 0

describe.concurrent("the story of an old log", { timeout: 120_000 }, () => {
  it("is the committed one", async () => {
    const { code, stderr, stdout } = await demo([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(hasPython ? committed : committed.replace(withPython, without))
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it("is the same without Python, and says so", async () => {
    const { code, stderr, stdout } = await demo([], { PATH: root })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(committed).toContain(withPython)
    expect(plain(stdout)).toBe(committed.replace(withPython, without))
  })

  it("refuses a log that is in use, and needs files", async () => {
    const directory = folder()
    await demo(["--data", directory])
    expect(await demo(["--data", directory])).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
    expect(await demo(["--store", "memory"])).toMatchObject({
      code: 2,
      stderr: 'everfold: "evolution" cannot be told with --store memory; --help tells more\n'
    })
  })
})

describe.runIf(hasPython)("the example in Python", { timeout: 120_000 }, () => {
  const write = (...args: ReadonlyArray<string>) => {
    const directory = folder()
    const printed = execFileSync("python3", [seeds, directory, ...args], { encoding: "utf8" })
    const products = printed.trim().split("\n")
    return {
      file: join(directory, "event_store.db"),
      list: products.map((line): unknown[] => JSON.parse(line))
    }
  }

  it("writes the rows that are written without it", () => {
    const { file } = write()
    const database = new Database(file, { readonly: true })
    const rows = database.prepare("select product_id, event_type, data, occurred_at from events order by id")
    expect(rows.raw().all()).toEqual(OldHistory.rows())
    database.close()
  })

  it("has the list of products that is made of its events today", async () => {
    const { file, list } = write("--events", "1200")
    const today = Effect.gen(function* () {
      const report = yield* Import.run(yield* OldShop.source(file))
      yield* Subscriptions.settled
      const { rows } = yield* listProducts({ sort: "stock" })
      return { report, rows }
    }).pipe(
      Effect.scoped,
      Effect.provide(Layer.provideMerge(Projector.layer(ProductListing), MemoryStack.layer))
    )
    const { report, rows } = await Effect.runPromise(today)
    expect(report).toEqual({ read: 1200, written: 1200 })
    expect(rows).toHaveLength(3)
    const theirs = list.map(([id, name, price, stock, supplierName]) => ({
      id: String(id),
      name,
      price: Math.round(Number(price) * 100),
      currency: "EUR",
      stock,
      supplierName: supplierName ?? "supplier 2"
    }))
    expect(rows).toEqual(theirs.toSorted((a, b) => Number(a.stock) - Number(b.stock)))
  })
})
