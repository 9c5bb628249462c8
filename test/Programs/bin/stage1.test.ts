import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["stage1", ...args] })

const directory = mkdtempSync(join(tmpdir(), "everfold-stage1-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../stage1.txt", import.meta.url), "utf8")

/** What the story prints, with a folder that stands for that of a run. */
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

describe("the first stage", { timeout: 120_000 }, () => {
  it("is the committed one, begins with nothing, and leaves its files closed", async () => {
    const { code, stderr, stdout } = await demo("--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
    expect(readdirSync(directory).sort()).toEqual(["shop.db"])
    expect(await demo("--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("needs files", async () => {
    expect(await demo("--store", "memory")).toEqual({
      code: 2,
      stdout: "",
      stderr: 'everfold: "stage1" cannot be told with --store memory; --help tells more\n'
    })
  })

  it("shows what it is about, and fits a terminal", () => {
    // A read that writes, what leaks, and no history.
    expect(committed).toMatch(/getById .* 1 {2}row written, by a read/)
    expect(committed).toContain("getById  refused: attempt to write a readonly database")
    expect(committed).toContain("leaked: cost_price, supplier_id")
    expect(committed).toContain("0 are the old price")
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
