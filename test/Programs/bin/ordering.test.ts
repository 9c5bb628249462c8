import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const root = mkdtempSync(join(tmpdir(), "everfold-ordering-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

const demo = (args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["ordering", ...args], env: { TMPDIR: folder() } })

/** What the story prints, with a folder that stands for that of a run. */
const committed = readFileSync(new URL("../ordering.txt", import.meta.url), "utf8")
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

/** What the example that the story grew from says that it prints. */
const example = `
============================================================
CQRS Projection Example: Order Read Models
============================================================

Processing events...

✓ Order created: ORDER-001 for Alice Johnson
  ✓ Item added: Wireless Keyboard (x1 @ $79.99)
  ✓ Item added: Mouse (x1 @ $39.99)
✓ Order confirmed
✓ Order shipped via FedEx (1234567890)
✓ Order delivered

============================================================
Querying Read Models
============================================================

============================================================
Order Summary: ORDER-001
============================================================
Customer: Alice Johnson (CUST-001)
Status: DELIVERED

Items:
  Wireless Keyboard x1 @ $79.99 = $79.99
  Mouse x1 @ $39.99 = $39.99

Total: $269.97
Shipping: FedEx (Tracking: 1234567890)
============================================================
`

describe.concurrent("the story of an order", { timeout: 120_000 }, () => {
  it("is the committed one on SQLite", async () => {
    const { code, stderr, stdout } = await demo([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
  })

  it("is the same in memory", async () => {
    const { code, stderr, stdout } = await demo(["--store", "memory"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toBe(committed.replace(/^Files in .*$/m, "In memory; nothing is kept."))
  })

  it("refuses a log that is in use", async () => {
    const directory = folder()
    await demo(["--data", directory])
    expect(await demo(["--data", directory])).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })
})

describe("the committed story", () => {
  it("has what the example prints, to the letter, except for the total, which is the sum", () => {
    expect(committed).toContain(example.replace("$269.97", "$119.98"))
  })

  it("fits a terminal", () => {
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it("counts an item once that came three times, and says what others count", () => {
    const counts = [...committed.matchAll(/^ {2}items.*?(\d+)$/gm)].map(([, count]) => Number(count))
    expect(counts).toEqual([6, 4, 2])
  })

  it("ends with the rows that there were", () => {
    expect(committed.match(/the same as before$/gm)).toHaveLength(2)
    expect(committed).not.toContain("not the same")
  })
})
