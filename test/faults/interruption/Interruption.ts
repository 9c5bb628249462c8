/** Every operation of the write side is interrupted before every step that it makes. */
import * as Effect from "effect/Effect"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as WriteSide from "../WriteSide.ts"
import type { Operation } from "./Operations.ts"
import { operations } from "./Operations.ts"
import type { Plan } from "./Trial.ts"
import * as Trial from "./Trial.ts"

/** Each run interrupts one operation before one step; as many runs as there are steps meet each of them once. */
export const fault: Fault = {
  name: "interruption",
  title: "interrupted before any step of any operation",
  full: 55_000,
  ci: 200,
  run: (schedule) =>
    Effect.gen(function* () {
      const courses = yield* Effect.forEach(plans, undisturbed)
      const steps = courses.reduce((sum, course) => sum + course.steps, 0)
      const outcome = yield* Chance.runs(schedule, (seed) =>
        Effect.flatMap(Effect.fromNullable(planOf(courses, (seed * stride(steps)) % steps)), tried)
      )
      return {
        ...outcome,
        violations: [
          ...courses.flatMap(({ plan, violations }) =>
            violations.map((why) => `undisturbed, ${name(plan)}: ${why}`)
          ),
          ...outcome.violations,
          ...(schedule.runs >= fault.full && steps > schedule.runs ? [`there are ${steps} steps by now`] : [])
        ],
        lines: [
          `${steps.toLocaleString("en")} steps, ${places.map((place) => place.name).join(" and ")}`,
          ...operations.map((operation) => row(operation, courses))
        ]
      }
    })
}

// internal

/** An operation from its beginning to its end. */
interface Course extends Trial.Result {
  readonly plan: Plan
}

/** Fibers that go on until they must wait; where something is written, also fibers that give way in between. */
const sharesOf = ({ writes }: Operation) => (Object.keys(writes).length === 0 ? [0] : [0, 0.1])

const places = [WriteSide.memory, WriteSide.file]

const plans: ReadonlyArray<Plan> = places.flatMap((place) =>
  operations
    .filter(({ onlyOnFile = false }) => place.onFile || !onlyOnFile)
    .flatMap((operation) => sharesOf(operation).map((share) => ({ place, operation, share, step: Infinity })))
)

const undisturbed = (plan: Plan) => Effect.map(Trial.run(plan), (result): Course => ({ plan, ...result }))

/** The n-th step of all operations, one after another. */
const planOf = (courses: ReadonlyArray<Course>, n: number): Plan | undefined => {
  let rest = n
  for (const { plan, steps } of courses) {
    if (rest < steps) return { ...plan, step: rest + 1 }
    rest -= steps
  }
  return undefined
}

const tried = (plan: Plan) =>
  Effect.map(Trial.run(plan), ({ violations }) =>
    violations.map((why) => `${name(plan)}, step ${plan.step}: ${why}`)
  )

const name = ({ operation, place, share }: Plan) =>
  `${operation.name} (${place.name}, ${share === 0 ? "in one go" : "giving way"})`

/** A way through all steps that is everywhere after a few of them: about the golden section, without a common divisor. */
const stride = (steps: number): number => {
  let stride = Math.round(0.618 * steps)
  while (divisor(stride, steps) > 1) stride += 1
  return stride
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

const row = ({ name }: Operation, courses: ReadonlyArray<Course>): string => {
  const steps = places.map((place) =>
    courses
      .filter(({ plan }) => plan.operation.name === name && plan.place === place)
      .reduce((sum, course) => sum + course.steps, 0)
  )
  return `${name.padEnd(30)}${steps.map((sum) => sum.toLocaleString("en").padStart(8)).join("")}`
}
