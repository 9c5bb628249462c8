/** One operation with one trouble: what it says, what is left behind, and whether everything goes on afterwards. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Files from "./Files.ts"
import type { Operation } from "./Operations.ts"
import * as Program from "./Program.ts"
import type { Task } from "./Tasks.ts"
import * as Trouble from "./Trouble.ts"
import * as Verdict from "./Verdict.ts"
import * as World from "./World.ts"

/** What came of a case. */
export interface Result {
  /** What the trouble has met; `undefined` when the operation was done before. */
  readonly struck: Trouble.Struck | undefined
  readonly outcomes: ReadonlyArray<string>
  readonly violations: ReadonlyArray<string>
}

/** Tries an operation on a copy of a history. */
export const operating = ({ calls, peopled }: Operation, trouble: Trouble.Trouble, history: string) =>
  unlessItHangs(
    Effect.gen(function* () {
      const { lasting } = trouble.manner
      const directory = yield* World.copyOf(history)
      const before = new Set(Files.log(directory).map(Files.commitOf))
      const program = yield* Program.open(directory, peopled)
      const asked = ({ context }: Program.Program) =>
        Effect.forEach(calls, ({ ask }) => Effect.exit(Effect.provide(ask, context)), {
          concurrency: "unbounded"
        })

      const underway = Trouble.begin(trouble)
      const first = yield* asked(program)
      yield* Effect.provide(Program.calm("6 seconds"), program.context)
      // Every second one is closed in the middle of it.
      const closes = lasting && trouble.nth % 2 === 1
      if (closes) yield* program.close
      underway.end()
      const struck = underway.struck()

      const left = lasting ? [] : Files.held(directory)
      const untold = Verdict.untold(calls, first, directory, before)
      const next = closes ? yield* Program.open(directory, peopled) : program
      const again = yield* asked(next)
      const stuck = yield* Effect.provide(Program.stuck, next.context)
      return {
        struck,
        outcomes: first.map(Verdict.outcome),
        violations: [
          ...Verdict.wrong(first, trouble, struck),
          ...left,
          ...untold,
          ...Verdict.changed(first, again),
          ...stuck,
          ...Files.held(directory),
          ...Files.damage(directory),
          ...(peopled ? Files.unfinished(directory) : [])
        ]
      }
    })
  )

/** Tries a task on files, and once more. */
export const working = ({ damage, files, run }: Task, trouble: Trouble.Trouble, history: string) =>
  unlessItHangs(
    Effect.gen(function* () {
      const directory = yield* files(history)
      const underway = Trouble.begin(trouble)
      const first = yield* Effect.exit(Effect.scoped(run(directory)))
      underway.end()
      const struck = underway.struck()
      const again = yield* Effect.exit(Effect.scoped(run(directory)))
      return {
        struck,
        outcomes: [Verdict.outcome(first)],
        violations: [
          ...Verdict.wrong([first], trouble, struck),
          ...Verdict.changed([first], [again]),
          ...(yield* damage(directory)),
          ...Files.held(directory),
          ...Files.damage(directory)
        ]
      }
    })
  )

// internal

/** The clock leaps, so only real time finds out that nobody comes back. */
const unlessItHangs = <E>(run: Effect.Effect<Result, E, Scope.Scope>): Effect.Effect<Result, E> =>
  Effect.raceFirst(
    Effect.disconnect(Effect.scoped(run)),
    Effect.async<Result>((resume) => {
      const hangs = { struck: undefined, outcomes: ["hangs"], violations: ["no end after 20 seconds"] }
      const timer = setTimeout(() => resume(Effect.succeed(hangs)), 20_000)
      return Effect.sync(() => clearTimeout(timer))
    })
  )
