/** The process of one fault. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Fault, Outcome } from "./Fault.ts"

/** Tries one of these faults as the command line says, `<name> <runs> <seed>`, and sends what came of it. */
export const main = async (faults: ReadonlyArray<Fault>): Promise<void> => {
  const [name = "", runs, seed] = process.argv.slice(2)
  const fault = faults.find((one) => one.name === name)
  const schedule = { runs: Number(runs), seed: Number(seed) }
  const failed = (cause: Cause.Cause<unknown>): Outcome => ({
    runs: schedule.runs,
    violations: [`failed: ${Cause.pretty(cause)}`]
  })
  const outcome = await Effect.suspend(
    () => fault?.run(schedule) ?? Effect.dieMessage(`no fault ${name}`)
  ).pipe(
    Effect.catchAllCause((cause) => Effect.succeed(failed(cause))),
    Effect.runPromise
  )
  process.send?.(outcome, () => process.exit(0))
}
