/** Tries something on every place, in a time of its own, and looks at how everybody is afterwards. */
import { Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Scope from "effect/Scope"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import { simulated } from "../Simulation.ts"
import * as Books from "./Books.ts"
import type { Outside } from "./Office.ts"
import type { Place, Stores } from "./Place.ts"
import * as Places from "./Place.ts"

/** What is seen of a run from outside. */
export interface Watch {
  readonly seed: number
  /** How often time has passed. */
  readonly steps: () => number
  /** What was logged as an error. */
  readonly errors: ReadonlyArray<string>
}

/** What does not hold in a run on one place. */
export type Trial = (place: Place, watch: Watch) => Effect.Effect<ReadonlyArray<string>, unknown, Scope.Scope>

/** Makes each run in memory and on files. */
export const onBothPlaces = (trial: Trial): Fault["run"] => on(() => [Places.memory, Places.file], trial)

/** Makes one run in memory and the next one on files. */
export const inTurn = (trial: Trial): Fault["run"] =>
  on((seed) => [seed % 2 === 0 ? Places.memory : Places.file], trial)

/** Whoever is not live, at the end of the log, with nothing set aside. */
export const unwell = (
  stores: Stores,
  exceptFor: ReadonlyArray<string> = []
): Effect.Effect<ReadonlyArray<string>, unknown, Subscriptions.Subscriptions> =>
  Effect.gen(function* () {
    const head = (yield* Books.log(stores)).length
    const states = yield* Subscriptions.status
    return states.flatMap(({ error = "", name, parked, position, status }) =>
      exceptFor.includes(name) || (status === "Live" && position === head && parked === 0)
        ? []
        : [`${name} is ${status} at ${position} of ${head}, ${parked} are set aside; ${error}`]
    )
  })

/** Effects in another order than that of the log, or twice. */
export const disordered = ({ effects }: Outside): ReadonlyArray<string> => {
  const positions = effects.map(({ position }) => position)
  return positions.every((position, index) => position > (positions[index - 1] ?? 0))
    ? []
    : [`effects happened in the order ${positions.join(" ")}`]
}

// internal

const on =
  (places: (seed: number) => ReadonlyArray<Place>, trial: Trial): Fault["run"] =>
  (schedule) =>
    Chance.runs(schedule, (seed) =>
      Effect.map(
        Effect.forEach(places(seed), (place) =>
          Effect.map(inItsOwnTime(place, seed, trial), (violations) =>
            violations.map((violation) => `${place.name}: ${violation}`)
          )
        ),
        (violations) => violations.flat()
      )
    )

const inItsOwnTime = (place: Place, seed: number, trial: Trial) =>
  Effect.suspend(() => {
    const errors: Array<string> = []
    let steps = 0
    const late = () => new Error(["somebody waits", ...errors].join("\n"))
    return trial(place, { seed, steps: () => steps, errors }).pipe(
      Effect.timeoutFail({ duration: longest, onTimeout: late }),
      Effect.scoped,
      Effect.provide(Logger.replace(Logger.defaultLogger, keeping(errors))),
      simulated({ seed, share: 0.02, step: () => steps++ }),
      (trial) => Chance.seeded(seed, trial),
      Effect.disconnect,
      Effect.timeout("20 seconds")
    )
  })

/** In the time of the program. */
const longest = "5 hours"

const keeping = (errors: Array<string>) =>
  Logger.make(({ logLevel, message }) => {
    if (LogLevel.greaterThanEqual(logLevel, LogLevel.Error)) errors.push(`logged: ${String(message)}`)
  })
