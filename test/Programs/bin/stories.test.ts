import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const demo = (args: ReadonlyArray<string>, options: Parameters<typeof run>[1] = {}) =>
  run("src/Programs/bin/demo.ts", { ...options, args })

const root = mkdtempSync(join(tmpdir(), "everfold-stories-test-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
const folder = () => {
  const directory = join(root, String(++folders))
  mkdirSync(directory)
  return directory
}

/** What a story prints, with a folder that stands for that of a run. */
const committed = (name: string) => readFileSync(new URL(`../${name}.txt`, import.meta.url), "utf8")
const plain = (output: string) => output.replace(/^Files in .*$/m, "Files in /tmp/everfold-demo-000000")

/** Where nobody may mount a small disk, that part says so. */
const skipped = (output: string) => output.replace(/(── The disk is full ─+\n)[^─]*?\n\n/, "$1  Skipped\n\n")

const widest = (output: string) => Math.max(...output.split("\n").map((line) => line.length))

describe.concurrent("the story of what fails", { timeout: 120_000 }, () => {
  it("is the committed one on SQLite", async () => {
    const { code, stderr, stdout } = await demo(["failures"], { env: { TMPDIR: folder() } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(plain(stdout)).toBe(committed("failures"))
    expect(widest(stdout)).toBeLessThanOrEqual(80)
  })

  it("is the same in memory", async () => {
    const { code, stderr, stdout } = await demo(["failures", "--store", "memory"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toBe(committed("failures").replace(/^Files in .*$/m, "In memory; nothing is kept."))
  })
})

describe.concurrent("the drill", { timeout: 120_000 }, () => {
  it("ends as it did when it was committed, and leaves the files closed", async () => {
    const directory = folder()
    const { code, stderr, stdout } = await demo(["disaster", "--data", directory])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const expected = committed("disaster")
    expect(plain(stdout)).toBe(/^ {2}Skipped: /m.test(stdout) ? skipped(expected) : expected)
    expect(widest(stdout)).toBeLessThanOrEqual(80)
    // Whoever verifies a closed log leaves these two beside it, without anything in them that counts.
    const left = readdirSync(directory).filter((name) => !/[.]replaced-|^log[.]db-/.test(name))
    expect(left.sort()).toEqual(["backup.db", "log.db", "read.db"])
  })

  it("needs files", async () => {
    expect(await demo(["disaster", "--store", "memory"])).toEqual({
      code: 2,
      stdout: "",
      stderr: 'everfold: "disaster" cannot be told with --store memory; --help tells more\n'
    })
  })
})

describe.concurrent("a story that counts from 1", { timeout: 120_000 }, () => {
  it.each(["failures", "disaster", "stage1"])("refuses a folder that is in use: %s", async (story) => {
    const directory = folder()
    await demo(["--data", directory])
    expect(await demo([story, "--data", directory])).toEqual({
      code: 1,
      stdout: "",
      stderr: `everfold: ${directory} is not empty; name a folder of its own for this story\n`
    })
  })
})
