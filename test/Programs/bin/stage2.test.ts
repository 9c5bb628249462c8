import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["stage2", ...args] })

const directory = mkdtempSync(join(tmpdir(), "everfold-stage2-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../stage2.txt", import.meta.url), "utf8")

/** What the story prints, with a folder that stands for that of a run. */
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

describe("the second stage", { timeout: 120_000 }, () => {
  it("is the committed one, begins with nothing, and leaves its files closed", async () => {
    const { code, stderr, stdout } = await demo("--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
    expect(readdirSync(directory).sort()).toEqual(["commands.jsonl", "later.db", "shop.db"])
    expect(await demo("--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("needs files", async () => {
    expect(await demo("--store", "memory")).toEqual({
      code: 2,
      stdout: "",
      stderr: 'everfold: "stage2" cannot be told with --store memory; --help tells more\n'
    })
  })

  it("shows what it is about, and fits a terminal", () => {
    // The same outcomes later; reads that cannot write; a column that makes them dearer.
    expect(committed).toContain("6 of 6 outcomes are the same")
    expect(committed).toContain("The tables hold the same.")
    expect(committed).toContain("The table is as it was, views included.")
    const [before, after] = [...committed.matchAll(/(\d+) {2}pages of the file/g)].map(([, pages]) =>
      Number(pages)
    )
    expect(after).toBeGreaterThan(10 * (before ?? Infinity))
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
