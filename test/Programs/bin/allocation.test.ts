import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) => run("src/Programs/bin/demo.ts", { args })

const directory = mkdtempSync(join(tmpdir(), "everfold-allocation-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../allocation.txt", import.meta.url), "utf8")

describe("the story of allocation", { timeout: 120_000 }, () => {
  it("is the committed one on SQLite, and begins with nothing", async () => {
    const { code, stderr, stdout } = await demo("allocation", "--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")).toBe(committed)
    expect(await demo("allocation", "--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("is the same in memory", async () => {
    const { code, stderr, stdout } = await demo("allocation", "--store", "memory")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toBe(committed.replace(/^Files in .*$/m, "In memory; nothing is kept."))
  })

  it("shows what it is about, and fits a terminal", () => {
    // The line of whoever came last moves on in one commit; the mail comes twice in all; one till is refused.
    expect(committed).toMatch(/8 {2}Deallocated .*\n +9 {2}BatchQuantityChanged .*\n +10 {2}Allocated /)
    expect(committed.match(/^\[MAIL\] /gm)).toHaveLength(2)
    expect(committed.match(/VersionConflict/g)).toHaveLength(1)
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
