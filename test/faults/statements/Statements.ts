/** The n-th statement fails, n = 1, 2, 3 …, until an operation is done before it comes to that. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as Case from "./Case.ts"
import { leaping } from "./LeapingClock.ts"
import { operations } from "./Operations.ts"
import * as Trouble from "./Trouble.ts"
import * as World from "./World.ts"

const plans = operations.flatMap((operation) => Trouble.kinds.map((kind) => ({ operation, kind })))

/** Each run is an operation with one kind of trouble at each of its statements. */
export const fault: Fault = {
  name: "statements",
  title: "the n-th statement of an operation fails",
  full: plans.length,
  ci: 24,
  run: (schedule) => Effect.die("todo")
}
