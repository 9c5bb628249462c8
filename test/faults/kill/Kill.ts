/** `kill -9` of a program that writes, projects and reacts: at any moment, and at each moment that has a name. */
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { folder } from "../../Layers/Stacks.ts"
import * as Chance from "../Chance.ts"
import type { Fault, Schedule } from "../Fault.ts"
import { crashPoints } from "./CrashPoint.ts"
import * as Home from "../programs/Home.ts"
import type { Plan } from "./Life.ts"
import { live } from "./Life.ts"
import * as Remains from "./Remains.ts"

/** Each run is the next life on the files of the one before; after ten of them the files are old enough. */
export const anyMoment: Fault = {
  name: "kill",
  title: "kill -9 at a random moment",
  full: 150,
  ci: 15,
  run: (schedule) =>
    Home.inTurns(
      schedule,
      () => Home.open,
      ({ directory }, seed) =>
        Effect.gen(function* () {
          const answers = yield* Random.nextIntBetween(1, 120)
          const delay = yield* Random.nextIntBetween(0, 8)
          return yield* killed({ directory, name: `life-${seed}`, seed, end: { answers, delay } })
        }).pipe(Effect.scoped)
    )
}

/** Each run is a life that ends at the next crash point, on files of its own. */
export const eachPoint: Fault = {
  name: "crash-points",
  title: "kill -9 at each step of append and project",
  full: 5 * crashPoints.length,
  ci: 2 * crashPoints.length,
  run: (schedule) =>
    Effect.map(
      Chance.runs(schedule, (seed) =>
        Effect.gen(function* () {
          const directory = yield* folder
          const nth = yield* Random.nextIntBetween(1, 30)
          const point = seed % crashPoints.length
          const violations = yield* killed({ directory, name: `life-${seed}`, seed, end: { point, nth } })
          return violations.map((violation) => `${crashPoints[point]?.name} (${nth}): ${violation}`)
        })
      ),
      (outcome) => ({ ...outcome, lines: perPoint(schedule) })
    )
}

// internal

const killed = (plan: Plan) =>
  Effect.gen(function* () {
    const life = yield* live(plan)
    const found = yield* Remains.asTheyLie(plan.directory, life)
    return [...found, ...(yield* Remains.whenItGoesOn(plan.directory, life))]
  })

const perPoint = (schedule: Schedule) =>
  Array.map(crashPoints, ({ name }, index) => {
    const times = Chance.seeds(schedule).filter((seed) => seed % crashPoints.length === index).length
    return `${name.padEnd(40)}${String(times).padStart(6)}`
  })
