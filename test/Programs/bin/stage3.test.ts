import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["stage3", ...args] })

const directory = mkdtempSync(join(tmpdir(), "everfold-stage3-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../stage3.txt", import.meta.url), "utf8")

/** What the story prints, with a folder that stands for that of a run. */
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

describe("the third stage", { timeout: 120_000 }, () => {
  it("is the committed one, begins with nothing, and leaves its files closed", async () => {
    const { code, stderr, stdout } = await demo("--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
    expect(readdirSync(directory).sort()).toEqual(["read.db", "write.db"])
    expect(await demo("--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("needs files", async () => {
    expect(await demo("--store", "memory")).toEqual({
      code: 2,
      stdout: "",
      stderr: 'everfold: "stage3" cannot be told with --store memory; --help tells more\n'
    })
  })

  it("shows what it is about, and fits a terminal", () => {
    // Stale until projected; a name in each copy; a column that readers do not feel; nothing stays behind.
    expect(committed).toMatch(/not projected: {2}write.db says 3, readers see 14\n.* says 3, readers see 3\n/)
    expect(committed).toMatch(/write.db {4}2 .*\n {4}read.db {3}401 /)
    expect(committed).toMatch(/product_list in read.db +(\d+) +\1\n/)
    expect(committed).toContain("projected: write.db says 70, readers see 70")
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
