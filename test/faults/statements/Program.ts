/** A program on the files of a folder: opened, left alone until it is calm, asked whether it goes on, closed. */
import { CommandHandler, EventStore, Subscriptions } from "everfold"
import type { Engine, StoreError } from "everfold"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Account, deposit } from "../../Bank.ts"
import { turn } from "../../Layers/sqlite/files.ts"
import * as Verdict from "./Verdict.ts"
import * as World from "./World.ts"

/** A program that runs. */
export interface Program {
  readonly context: Context.Context<Engine.Stack>
  readonly close: Effect.Effect<void>
}

/** Opens the files, with subscribers or without, until it is closed or the scope is. */
export const open = (directory: string, peopled: boolean) =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const world: Layer.Layer<Engine.Stack, StoreError.StoreError | Subscriptions.DuplicateSubscriber> =
      peopled ? World.peopled(directory) : World.alone(directory)
    const context = yield* Layer.buildWithScope(world, scope)
    yield* Effect.provide(calm("6 seconds"), context)
    return { context, close: Scope.close(scope, Exit.void) } satisfies Program
  })

/** Waits until everybody has done what there is to do, or cannot do it for so long. */
export const calm = (patience: Duration.DurationInput) =>
  Effect.gen(function* () {
    const settled = yield* Effect.exit(Effect.timeout(Subscriptions.settled, patience))
    for (let turns = 0; turns < 5; turns++) yield* turn
    return settled
  })

/** What does not go on: other calls, and subscribers up to the head. */
export const stuck = Effect.gen(function* () {
  const store = yield* EventStore.EventStore
  const deposited = yield* Effect.exit(CommandHandler.handle(Account, deposit("bob", 1)))
  const read = yield* Effect.exit(store.readAll({}))
  const settled = yield* calm("1 minute")
  const states = yield* Subscriptions.status
  const answers: ReadonlyArray<Verdict.Answer> = [deposited, read, settled]
  return [
    ...answers.filter(Exit.isFailure).map((answer) => `it does not go on: ${Verdict.shown(answer)}`),
    ...states
      .filter(({ status }) => status !== "Live")
      .map(({ error = "", name, status }) => `"${name}" is ${status}, not Live: ${error}`)
  ]
})
