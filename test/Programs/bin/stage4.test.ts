import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (...args: ReadonlyArray<string>) =>
  run("src/Programs/bin/demo.ts", { args: ["stage4", ...args] })

const directory = mkdtempSync(join(tmpdir(), "everfold-stage4-test-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const committed = readFileSync(new URL("../stage4.txt", import.meta.url), "utf8")

/** What the story prints, without how long something took, and with a folder that stands for that of a run. */
const plain = (output: string) =>
  output
    .replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")
    .replace(/That took [\d.]+ ms/, "That took 0 ms")
    .replace(/(events read,) +[\d.]+ {2}ms/g, "$1  0  ms")

describe("the fourth stage", { timeout: 120_000 }, () => {
  it("is the committed one on SQLite, and begins with nothing", async () => {
    const { code, stderr, stdout } = await demo("--data", directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed)
    expect(await demo("--data", directory)).toMatchObject({
      code: 1,
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })

  it("is the same in memory", async () => {
    const { code, stderr, stdout } = await demo("--store", "memory")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed.replace(/^Files in .*$/m, "In memory; nothing is kept."))
  })

  it("shows what it is about, and fits a terminal", () => {
    // The slip and its correction both stay; wrong rows are gone; a snapshot saves reading ten thousand events.
    expect(committed).toMatch(/carol .* 22 → 200\n[^]*carol .* 200 → 20\n/)
    expect(committed.match(/ {2}wrong$/gm)).toHaveLength(2)
    expect(committed.slice(committed.indexOf("Replayed"))).not.toMatch(/ {2}wrong$/m)
    const read = [...committed.matchAll(/(\d+) {2}events read/g)].map(([, events]) => Number(events))
    expect(read).toEqual([10_001, 2, 0])
    expect(Math.max(...committed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
