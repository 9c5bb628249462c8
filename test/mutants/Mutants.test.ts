/** The runner of mutants must not be content too early: it is tried with patches whose fate is known. */
import * as Effect from "effect/Effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as Mutant from "./Mutant.ts"
import * as Mutants from "./Mutants.ts"

const project = join(import.meta.dirname, "..", "..")
const file = "src/Domain/Text.ts"
const line = "  return a < b ? -1 : a > b ? 1 : 0"

/** A patch that puts something else in the place of a line. */
const instead = (text: string) => {
  const lines = readFileSync(join(project, file), "utf8").split("\n")
  const at = lines.indexOf(line)
  const around = [` ${lines[at - 1]}`, `-${line}`, `+${text}`, ` ${lines[at + 1]}`]
  return `--- a/${file}\n+++ b/${file}\n@@ -${at},3 +${at},3 @@\n${around.join("\n")}\n`
}

const mutant = (patch: string, filter = ""): Mutant.Mutant => ({
  name: "planted",
  promise: "1",
  title: "texts are ordered by code point",
  catchers: [{ file: "test/Domain/Text.test.ts", filter }],
  patch
})

const byUtf16 = "  return left < right ? -1 : left > right ? 1 : 0"

const fates: ReadonlyArray<
  readonly [what: string, mutant: Mutant.Mutant, verdict: Mutants.Verdict["_tag"], text: string]
> = [
  [
    "a mutant that breaks what is named",
    mutant(instead(byUtf16), "not JavaScript's own order"),
    "Caught",
    "is not JavaScript's own order"
  ],
  [
    "the same beside it, so that the next one is not the first for anybody",
    mutant(instead(byUtf16), "not JavaScript's own order"),
    "Caught",
    "is not JavaScript's own order"
  ],
  ["one that breaks nothing", mutant(instead(`${line} // as before`)), "Escaped", "nobody noticed"],
  [
    "one that breaks something else than what is named",
    mutant(instead(byUtf16), "fold"),
    "Escaped",
    "nobody noticed"
  ],
  ["one whose tests are not there", mutant(instead(byUtf16), "unheard of"), "Escaped", "there is no test"],
  [
    "one that does not apply",
    mutant(instead(byUtf16).replace("a > b", "a >= b")),
    "Escaped",
    "does not apply"
  ],
  ["one that is no program", mutant(instead("  return a <")), "Escaped", "Transform failed"],
  ["one that cannot run", mutant(instead("  return unheardOf")), "Escaped", "ReferenceError"]
]

it("knows who was caught, by a check and by the test that is named", { timeout: 240_000 }, async () => {
  const verdicts = await Effect.runPromise(Mutants.run(fates.map(([, mutant]) => mutant)))
  expect(verdicts.map((verdict, index) => [fates[index]?.[0], verdict._tag])).toEqual(
    fates.map(([what, , tag]) => [what, tag])
  )
  verdicts.forEach((verdict, index) => {
    expect(verdict._tag === "Caught" ? verdict.by.join() : verdict.why).toContain(fates[index]?.[3])
  })
})

describe("the patches", () => {
  const mutants = Mutant.all()

  const numbers = Array.from({ length: 15 }, (_, index) => String(index + 1))

  it.for([...numbers, "two homes", "handling"])("break promise %s", (promise) => {
    expect(mutants.filter((mutant) => mutant.promise === promise)).not.toEqual([])
  })

  it.for(mutants)("$name breaks what is shipped, and names tests that are there", ({ catchers, patch }) => {
    const changed = [...patch.matchAll(/^[-+]{3} [ab]\/(.*)$/gm)].map(([, path]) => path)
    expect(changed.length).toBeGreaterThan(0)
    for (const path of changed) expect(path).toMatch(/^src\/(Domain|Services|Layers)\//)
    for (const { file } of catchers) expect(existsSync(join(project, file)), file).toBe(true)
  })

  it("need their two lines", () => {
    expect(() => Mutant.parse("bare", "--- a/src/x.ts")).toThrow(/promise N/)
    expect(() => Mutant.parse("lonely", "# promise 1: x\n--- a/src/x.ts")).toThrow(/caught by/)
  })
})
