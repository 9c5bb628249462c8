/** A shorter history that fails as well. */
import * as Effect from "effect/Effect"
import type { Step } from "./Step.ts"

/** Leaves out whatever can be left out, step by step, as long as the history fails. */
export const shrink = (
  steps: ReadonlyArray<Step>,
  fails: (steps: ReadonlyArray<Step>) => Effect.Effect<boolean>
): Effect.Effect<ReadonlyArray<Step>> =>
  Effect.gen(function* () {
    let [shortest, tries] = [steps, 0]
    let index = steps.length
    while (index-- > 0) {
      for (const candidate of without(shortest, index)) {
        if (tries++ > mostTries || !(yield* fails(candidate))) continue
        shortest = candidate
        break
      }
    }
    return shortest
  })

// internal

const mostTries = 300

/** Without a step, or without one of those that it makes at once. */
const without = (steps: ReadonlyArray<Step>, index: number): ReadonlyArray<ReadonlyArray<Step>> => {
  const step = steps[index]
  const fewer = (step?._tag === "Burst" ? step.several : []).map((one): Step | undefined =>
    step?._tag === "Burst" ? { ...step, several: step.several.filter((other) => other !== one) } : step
  )
  return [
    steps.toSpliced(index, 1),
    ...fewer.flatMap((one) => (one === undefined ? [] : [steps.with(index, one)]))
  ]
}
