/** Durability itself: what was acknowledged had been synced before. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { mkdtempSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../../Layers/Stacks.ts"
import * as Chance from "../Chance.ts"
import type { Fault, Schedule } from "../Fault.ts"
import * as Shim from "./Shim.ts"
import * as Trace from "./Trace.ts"

/** In each run one caller, and a hundred, come by each road to the log; the disk is as slow as it likes. */
export const fault: Fault = {
  name: "fsync",
  title: "a sync between insert and acknowledgement",
  full: 30,
  ci: 3,
  run: (schedule) =>
    Effect.gen(function* () {
      const directory = yield* folder
      const shim = yield* Shim.compile(directory)
      return yield* counted(shim, directory, schedule)
    }).pipe(
      Effect.scoped,
      Effect.catchTag("NoShim", ({ message }) =>
        Effect.succeed({ runs: 0, violations: [], skipped: message })
      )
    )
}

// internal

const counted = (shim: string, directory: string, schedule: Schedule) =>
  Effect.gen(function* () {
    const program = join(import.meta.dirname, "writer.ts")
    const trace = (durability: "FULL" | "NORMAL") =>
      Effect.gen(function* () {
        const seed = yield* Random.nextIntBetween(0, 2 ** 31)
        const args = [mkdtempSync(join(directory, "log-")), durability, String(seed)]
        const delay = yield* Random.nextIntBetween(0, 3000)
        return Trace.check(yield* Shim.run({ shim, program, args, delay }))
      })

    const planted = yield* Chance.seeded(schedule.seed, trace("NORMAL"))
    const totals = Trace.cases.map(() => ({ commits: 0, syncs: 0 }))
    const outcome = yield* Chance.runs(schedule, () =>
      Effect.map(trace("FULL"), (findings) => {
        totals.forEach((total, index) => {
          total.commits += findings[index]?.commits ?? 0
          total.syncs += findings[index]?.syncs ?? 0
        })
        return findings.flatMap(({ violations }) => violations)
      })
    )
    return {
      ...outcome,
      violations: [...missed(planted), ...outcome.violations],
      lines: totals.map(({ commits, syncs }, index) => {
        const [name = ""] = Trace.cases.slice(index).map(Trace.name)
        return `${name.padEnd(24)}${String(commits).padStart(8)} commits${String(syncs).padStart(8)} syncs`
      })
    }
  })

/** With synchronous=NORMAL a commit is not synced; a check that is content with it is worth nothing. */
const missed = (planted: ReadonlyArray<Trace.Findings>) =>
  planted.flatMap(({ violations }, index) =>
    violations.length > 0 ? [] : Trace.cases.slice(index, index + 1).map(notNoticed)
  )

const notNoticed = (one: Trace.Case) => `${Trace.name(one)}: synchronous=NORMAL was not noticed`
