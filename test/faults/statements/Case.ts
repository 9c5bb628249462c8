/** One operation with one trouble: what it says, what is left behind, and whether everything goes on afterwards. */
import { CommandHandler, EventStore, Subscriptions } from "everfold"
import type { Engine, StoreError } from "everfold"
import type * as Context from "effect/Context"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Account, deposit } from "../../Bank.ts"
import { turn } from "../../Layers/sqlite/files.ts"
import * as Files from "./Files.ts"
import type { Operation } from "./Operations.ts"
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
export const run = ({ calls, peopled }: Operation, trouble: Trouble.Trouble, history: string) =>
  Effect.gen(function* () {
    const { lasting } = trouble.manner
    const directory = yield* World.copyOf(history)
    const before = new Set(Files.log(directory).map(Files.commitOf))
    const stack = yield* open(directory, peopled)
    const asked = (stack: Open) =>
      Effect.forEach(calls, ({ ask }) => Effect.exit(Effect.provide(ask, stack.context)), {
        concurrency: "unbounded"
      })

    const underway = Trouble.begin(trouble)
    const first = yield* asked(stack)
    yield* Effect.provide(calm, stack.context)
    // Every second one is closed in the middle of it.
    const closes = lasting && trouble.nth % 2 === 1
    if (closes) yield* stack.close
    underway.end()
    const struck = underway.struck()

    const left = lasting ? [] : Files.held(directory)
    const untold = Verdict.untold(calls, first, directory, before)
    const next = closes ? yield* open(directory, peopled) : stack
    const again = yield* asked(next)
    return {
      struck,
      outcomes: first.map(Verdict.outcome),
      violations: [
        ...Verdict.wrong(first, trouble, struck),
        ...left,
        ...untold,
        ...Verdict.changed(first, again),
        ...(yield* Effect.provide(goesOn, next.context)),
        ...Files.held(directory),
        ...Files.damage(directory),
        ...(peopled ? Files.unfinished(directory) : [])
      ]
    }
  }).pipe(Effect.scoped, unlessItHangs)

// internal

interface Open {
  readonly context: Context.Context<Engine.Stack>
  readonly close: Effect.Effect<void>
}

const open = (directory: string, peopled: boolean) =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const world: Layer.Layer<Engine.Stack, StoreError.StoreError | Subscriptions.DuplicateSubscriber> =
      peopled ? World.peopled(directory) : World.alone(directory)
    const context = yield* Layer.buildWithScope(world, scope)
    yield* Effect.provide(calm, context)
    return { context, close: Scope.close(scope, Exit.void) } satisfies Open
  })

/** Waits until everybody has done what there is to do, or cannot do it. */
const calm = Effect.gen(function* () {
  const settled = yield* Effect.exit(Effect.timeout(Subscriptions.settled, "20 seconds"))
  for (let turns = 0; turns < 5; turns++) yield* turn
  return settled
})

/** Other calls work, and subscribers are at the head. */
const goesOn = Effect.gen(function* () {
  const store = yield* EventStore.EventStore
  const deposited = yield* Effect.exit(CommandHandler.handle(Account, deposit("bob", 1)))
  const read = yield* Effect.exit(store.readAll({}))
  const settled = yield* calm
  const states = yield* Subscriptions.status
  return [
    ...[deposited, read, settled].flatMap((exit) =>
      Exit.isFailure(exit) ? [`it does not go on: ${Verdict.shown(exit)}`] : []
    ),
    ...states.flatMap(({ error, name, status }) =>
      status === "Live" ? [] : [`"${name}" is ${status}, not Live: ${error ?? ""}`]
    )
  ]
})

/** The clock leaps, so only real time finds out that nobody comes back. */
const unlessItHangs = <E, R>(run: Effect.Effect<Result, E, R>): Effect.Effect<Result, E, R> =>
  Effect.raceFirst(
    Effect.disconnect(run),
    Effect.async<Result>((resume) => {
      const hangs = { struck: undefined, outcomes: ["hangs"], violations: ["hangs: no end after 20 s"] }
      const timer = setTimeout(() => resume(Effect.succeed(hangs)), 20_000)
      return Effect.sync(() => clearTimeout(timer))
    })
  )
