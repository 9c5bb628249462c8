import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import { describe, expect, it } from "vitest"
import { run } from "../Programs/run.ts"
import * as Harness from "./Harness.ts"
import * as Planted from "./planted.ts"

/** What the runner prints about planted faults, and what it fails with. `heard` is told each line. */
const trying = (args: ReadonlyArray<string>, heard: (line: string) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const log = (line: unknown) => Effect.suspend(() => heard(String(lines[lines.push(String(line)) - 1])))
    const failure = yield* Console.consoleWith((console) =>
      Harness.main(args, Planted.options).pipe(
        Effect.match({ onFailure: (error) => error, onSuccess: () => undefined }),
        Effect.withConsole({ ...console, log })
      )
    )
    return { failure, text: lines.join("\n") }
  })

const tried = (...args: ReadonlyArray<string>) => Effect.runPromise(trying(args, () => Effect.void))

/** The same, where time passes only when the n-th line of a kind was printed. */
const triedUntil = (n: number, kind: RegExp, ...args: ReadonlyArray<string>) => {
  let left = n
  return trying(args, (line) =>
    kind.test(line) && --left === 0 ? TestClock.adjust("1 hour") : Effect.void
  ).pipe(Effect.provide(TestContext.TestContext), Effect.runPromise)
}

const only = (name: string, ...args: ReadonlyArray<string>) => tried("--only", name, ...args)

/** The numbers that the planted fault found, and the seeds that led to them. */
const found = (text: string) => [...text.matchAll(/seed (\d+): (\d+) is a number/g)].map(([line]) => line)

const row = (text: string, title: string) =>
  text.split("\n").find((line) => line.slice(4).startsWith(title)) ?? "no row"

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length))

describe.concurrent("the runner of faults", { timeout: 120_000 }, () => {
  it("reports a violation, fails, and says how to see it again", async () => {
    const { failure, text } = await only("violated")
    expect(failure?._tag).toBe("Violated")
    expect(row(text, "finds a number")).toMatch(/✗ .* 4 +4 +\d+\.\d$/)
    const [, fixed, fresh] = /^Seeds: (\d+) and (\d+)$/m.exec(text) ?? []
    expect(found(text)).toHaveLength(4)

    const again = [...text.matchAll(/npm run test:faults -- (.*)/g)].map(([, args = ""]) => args)
    expect(again).toEqual([fixed, fresh].map((seed) => `--only violated --seed ${seed} --runs 2`))
    const repeated = await Promise.all(again.map((args) => tried(...args.split(" "))))
    expect(repeated.flatMap((one) => found(one.text))).toEqual(found(text))
  })

  it("repeats one run by its own seed", async () => {
    const all = found((await only("violated", "--seed", "70")).text)
    const last = found((await only("violated", "--seed", "72", "--runs", "1")).text)
    expect(last).toEqual(all.slice(2))
    expect(new Set(all).size).toBe(3)
  })

  it("makes a tenth of the runs, all of them, or as many as it is told", async () => {
    for (const [args, count] of [
      [[], 3],
      [["--full"], 30],
      [["--runs", "7"], 7]
    ] as const) {
      const { text } = await only("holds", "--seed", "1", ...args)
      expect(row(text, "finds nothing")).toMatch(new RegExp(` ${count} +0 +\\d`))
    }
  })

  it("counts whatever goes wrong with a fault as violated, and goes on", async () => {
    const names = Planted.faults.map(({ name }) => name)
    const rows = /^ {2}[✓✗–] /
    const { failure, text } = await triedUntil(names.length - 1, rows, "--seed", "1", "--only", names.join())
    expect(failure?._tag).toBe("Violated")
    for (const [title, mark, why] of [
      ["never comes to an end", "✗", "hangs: no end after 4m"],
      ["waits for nothing", "✗", "its process ended with code 13"],
      ["ends its process", "✗", "its process ended with SIGABRT"],
      ["has a defect", "✗", "a planted defect"],
      ["has an error", "✗", "a planted error"],
      ["does nothing", "✗", "did nothing: 0 runs"],
      ["fails in each run", "✗", "seed 3: failed: Error: bad luck"],
      ["cannot be tried here", "–", "skipped\n      there is nothing to try it with"],
      ["finds nothing", "✓", "  a table\n  of its own"]
    ] as const) {
      expect(row(text, title)).toContain(`${mark} ${title}`)
      expect(text).toContain(why)
    }
    expect(text).not.toContain("\u001b")
    // What a process prints that dies has its own width.
    const [table = ""] = text.split("\n── ✗")
    expect(widest(table)).toBeLessThanOrEqual(80)
  })

  it("goes round until the time is up, with fresh seeds", async () => {
    const { failure, text } = await triedUntil(3, /^Seed/, "--only", "violated", "--minutes", "60")
    expect(failure?._tag).toBe("Violated")
    const seeds = [...text.matchAll(/^Seed (\d+)$/gm)].map(([, seed]) => seed)
    expect(new Set(seeds).size).toBe(3)
    expect(found(text)).toHaveLength(6)
    expect(row(text, "finds a number")).toMatch(/✗ .* 6 +6 +0.0$/)
  })

  it("ends with 1 when something was violated, with 0 when nothing was", async () => {
    const ends = ["violated", "holds,skipped"].map((name) =>
      run("test/faults/planted.ts", { args: ["--only", name, "--seed", "1"] })
    )
    const [bad, good] = await Promise.all(ends)
    expect([bad?.code, good?.code, good?.stderr]).toEqual([1, 0, ""])
    expect(bad?.stderr).toMatch(/^everfold: not everything held .*\n$/)
    expect(good?.stdout).toContain("Everything held")
  })

  it.each([
    [["--only", "unheard-of"], 'there is no fault "unheard-of"'],
    [["--seed", "x"], '--seed is a positive number, not "x"'],
    [["--colour"], "Unknown option '--colour'"]
  ])("refuses %j", async (args, why) => {
    const { failure, text } = await tried(...args)
    expect(failure).toMatchObject({ _tag: "UsageError", message: expect.stringContaining(why) })
    expect(text).toBe("")
  })

  it("explains itself within 80 columns", async () => {
    const { text } = await tried("--help")
    for (const { name, title } of Planted.faults)
      expect(text).toMatch(new RegExp(`${name} +3 of 30 +${title}`))
    expect(widest(text)).toBeLessThanOrEqual(80)
  })
})
