import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["stage5", ...args] })

const directory = mkdtempSync(join(tmpdir(), "everfold-stage5-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../stage5.txt", import.meta.url), "utf8")

/** What the story prints, with times, shares of stale answers and a folder that stand for those of a run. */
const plain = (output: string) =>
  output
    .replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-05T09:00:00.000Z")
    .replace(/(after the receipt) +\d+ {2}of 200 are stale +\d+ {2}%/g, "$1  N  of 200 are stale  N  %")
    .replace(/(for the receipt) +(\d+) {2}of 200 are stale +(\d+) {2}%/, "$1  $2  of 200 are stale  $3  %")

const inMemory = committed
  .replace(/^Files in .*$/m, "In memory; nothing is kept.")
  .replace(
    /(── kill -9 .*\n)[^]*/,
    "$1  Skipped: it needs files (--store sqlite). Memory ends with its program.\n"
  )

const stale = (output: string) =>
  [...output.matchAll(/(\d+) {2}of 200 are stale/g)].map(([, answers]) => Number(answers))

describe("the fifth stage", { timeout: 120_000 }, () => {
  it("is the committed one on SQLite, and begins with nothing", async () => {
    const { code, stderr, stdout } = await demo("--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
    expect(stale(stdout)).toHaveLength(5)
    expect(await demo("--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("is the same in memory, where nobody can be killed", async () => {
    const { code, stderr, stdout } = await demo("--store", "memory")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(inMemory)
  })

  it("shows what it is about, and fits a terminal", () => {
    // Whoever waits gets no stale answer; a handler fails alone; the killed program loses nothing and repeats nothing.
    expect(stale(committed)).toEqual([0])
    expect(committed.match(/^ {2}newsletter +Live .* 1 set aside$/gm)).toHaveLength(1)
    expect(committed).toMatch(/\(SIGKILL\) .* receipts given: 0[.]\n/)
    expect(committed.match(/^\[ALERT\] .* desk: 2 units/gm)).toHaveLength(1)
    expect(committed).toMatch(/and 0 events were added[.]\n$/)
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
