/** Faults that are known to find something: the runner must say so, and go on. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Main from "../../src/Programs/bin/Main.ts"
import * as Chance from "./Chance.ts"
import type { Fault } from "./Fault.ts"
import * as Harness from "./Harness.ts"

const planted = (name: string, title: string, run: Fault["run"]): Fault => ({
  name,
  title,
  full: 30,
  ci: 3,
  run
})

export const faults: ReadonlyArray<Fault> = [
  planted("hangs", "never comes to an end", () => Effect.never),
  planted("stalls", "waits for nothing", () => Effect.flatMap(Deferred.make<never>(), Deferred.await)),
  planted("dies", "ends its process", () => Effect.sync(() => process.abort())),
  planted("throws", "has a defect", () => Effect.dieMessage("a planted defect")),
  planted("fails", "has an error", () => Effect.fail("a planted error")),
  planted("idle", "does nothing", () => Effect.succeed({ runs: 0, violations: [] })),
  planted("skipped", "cannot be tried here", () =>
    Effect.succeed({ runs: 0, violations: [], skipped: "there is nothing to try it with" })
  ),
  planted("holds", "finds nothing", ({ runs }) =>
    Effect.succeed({ runs, violations: [], lines: ["a table", "of its own"] })
  ),
  planted("violated", "finds a number", (schedule) =>
    Chance.runs(schedule, () => Effect.map(Random.nextInt, (n) => [`${n} is a number`]))
  ),
  planted("unlucky", "fails in each run", (schedule) => Chance.runs(schedule, () => Effect.fail("bad luck")))
]

export const options: Harness.Options = { module: import.meta.url, faults }

if (process.argv[1] === import.meta.filename) {
  Main.run(Harness.main(process.argv.slice(2), options), () => 1)
}
