/** A folder with the programs that run on it one after the other, or beside each other. */
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { folder } from "../../Layers/Stacks.ts"
import * as Chance from "../Chance.ts"
import type { Fault, Outcome, Schedule } from "../Fault.ts"
import * as Looks from "./Looks.ts"
import * as Program from "./Program.ts"

/** The folder, and how long everything lives that belongs to it. */
export interface Home {
  readonly directory: string
  readonly scope: Scope.CloseableScope
}

/** A new folder, until it is closed or the scope is. */
export const open: Effect.Effect<Home, never, Scope.Scope> = Effect.gen(function* () {
  const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
  return { directory: yield* Scope.extend(folder, scope), scope }
})

export const close = ({ scope }: Home): Effect.Effect<void> => Scope.close(scope, Exit.void)

/** Starts a program that lives as long as the folder. */
export const start = ({ scope }: Home, ...args: Parameters<typeof Program.start>) =>
  Scope.extend(Program.start(...args), scope)

/** Makes each run on what the runs before have left, ten of them; when one has failed, the next begins anew. */
export const inTurns = <H extends Home, E>(
  schedule: Schedule,
  begin: (seed: number) => Effect.Effect<H, E, Scope.Scope>,
  run: (home: H, seed: number) => Effect.Effect<ReadonlyArray<string>, E>
): Effect.Effect<Outcome> =>
  Effect.scoped(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      let kept: H | undefined
      let turns = 0
      return yield* Chance.runs(schedule, (seed) =>
        Effect.gen(function* () {
          const home = kept ?? (yield* Scope.extend(begin(seed), scope))
          kept = undefined
          const violations = yield* run(home, seed)
          if (violations.length > 0 || ++turns % 10 === 0) yield* close(home)
          else kept = home
          return violations
        })
      )
    })
  )

/** Waits until nothing is left to do; what is left after a long time, or was done too often. */
export const finished = (
  left: () => ReadonlyArray<string>,
  ...programs: ReadonlyArray<Program.Program>
): Effect.Effect<ReadonlyArray<string>> => {
  const now = () => {
    try {
      return left()
    } catch (error) {
      // A file cannot be read while somebody brings it in order after a kill.
      return [String(error)]
    }
  }
  return Effect.map(
    Looks.within(30_000, () => now().length === 0),
    (done) => (done ? [] : ["not finished:", ...now(), ...programs.map(Program.shown)])
  )
}
