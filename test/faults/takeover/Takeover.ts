/** Whoever runs the subscribers is killed, or stands still and comes back; somebody else takes over. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Fault } from "../Fault.ts"
import * as Home from "../programs/Home.ts"
import * as Account from "./Account.ts"
import * as Cycle from "./Cycle.ts"
import * as Office from "./Office.ts"

/** Each run is the next cycle of the same programs, two or three. */
export const fault: Fault = {
  name: "takeover",
  title: "whoever runs subscribers is killed or stopped",
  full: 30,
  ci: 6,
  run: (schedule) =>
    Effect.suspend(() => {
      const account = Account.make()
      const cycle = (office: Office.Office, seed: number) =>
        Effect.gen(function* () {
          const delay = yield* Random.nextIntBetween(0, 150)
          const kind = Cycle.kinds[seed % Cycle.kinds.length] ?? "killed"
          const violations = yield* Cycle.run(office, { seed, delay, kind }, account)
          return violations.map((violation) => `${kind}: ${violation}`)
        })
      const programs = (seed: number) => Office.open(2 + (seed % 2))
      return Effect.map(Home.inTurns(schedule, programs, cycle), (outcome) => ({
        ...outcome,
        lines: Account.lines(account)
      }))
    })
}
