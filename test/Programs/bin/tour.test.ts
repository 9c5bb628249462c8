import { spawn, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { run } from "../run.ts"

const tour = (...args: ReadonlyArray<string>) => run("src/Programs/bin/tour.ts", { args })

const titles = (output: string) =>
  [...output.matchAll(/── (?:Stage (\d) of 5|(Which) stage does your system need)/g)].map(
    ([, number, last]) => number ?? last
  )

describe.concurrent("the tour", { timeout: 120_000 }, () => {
  it.each([[["--plain"]], [[]]])("prints everything at once where nobody can answer: %j", async (args) => {
    const { code, stderr, stdout } = await tour(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(titles(stdout)).toEqual(["1", "2", "3", "4", "5", "Which"])
    // A screen with what it asks for in the last of 24 lines.
    for (const screen of stdout.trimEnd().split(/\n\n(?=── (?:Stage|Which))/)) {
      const lines = screen.split("\n")
      expect(lines.length).toBeLessThanOrEqual(23)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    }
  })

  it("says what each stage solves and costs", async () => {
    const { stdout } = await tour("--plain")
    expect(stdout.match(/^ {2}Solved: /gm)).toHaveLength(5)
    expect(stdout.match(/^ {2}Price: {2}/gm)).toHaveLength(5)
  })

  it("explains itself", async () => {
    const { code, stdout } = await tour("--help")
    expect([code, stdout.includes("--plain")]).toEqual([0, true])
  })

  it.each([["--colour"], ["one"]])("refuses %s in one line", async (argument) => {
    const { code, stderr, stdout } = await tour(argument)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toMatch(/^everfold: .*; --help tells more\n$/)
  })
})

/** `script` of util-linux gives a program a terminal. */
const hasScript = String(spawnSync("script", ["--version"]).stdout).includes("util-linux")

/** Runs the tour on a terminal of its own; each time that it asks, the next keys are pressed. */
const onTerminal = (...keys: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number | null; readonly output: string }>((resolve, reject) => {
    const file = fileURLToPath(new URL("../../../src/Programs/bin/tour.ts", import.meta.url))
    const command = `exec '${process.execPath}' --conditions=source --import tsx '${file}'`
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] })
    const rest = [...keys]
    let output = ""
    let asked = 0
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text
      const questions = output.split("q: the end").length - 1
      while (asked < questions) {
        asked += 1
        child.stdin.write(rest.shift() ?? "q")
      }
    })
    child.on("error", reject).on("close", (code) => resolve({ code, output }))
  })

describe.skipIf(!hasScript)("on a terminal", { timeout: 120_000, concurrent: true }, () => {
  it("goes on with Enter, and asks nothing in the end", async () => {
    const { code, output } = await onTerminal("\r", "\r", "\n", "\r", "\r")
    expect(code).toBe(0)
    expect(titles(output)).toEqual(["1", "2", "3", "4", "5", "Which"])
  })

  it("ends with q, whatever else was pressed before", async () => {
    const { code, output } = await onTerminal("x \r", "q")
    expect(code).toBe(0)
    expect(titles(output)).toEqual(["1", "2"])
  })

  it("takes keys that were pressed too early for the next screens", async () => {
    const { output } = await onTerminal("\r\rq")
    expect(titles(output)).toEqual(["1", "2", "3"])
  })

  it("is interrupted with Ctrl-C", async () => {
    const { code, output } = await onTerminal("\u0003")
    expect(code).toBe(130)
    expect(titles(output)).toEqual(["1"])
  })
})
