/** The process of one fault: `child.ts <module with the faults> <name> <runs> <seed>`. Sends what came of it. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Fault, Outcome } from "./Fault.ts"

const [module = "", name = "", runs, seed] = process.argv.slice(2)
const { faults }: { readonly faults: ReadonlyArray<Fault> } = await import(module)
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
