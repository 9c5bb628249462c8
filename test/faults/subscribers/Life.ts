/** The life of a program on stores that outlive it, and those who send it commands. */
import type { StoreError } from "everfold"
import { CommandHandler, Engine, LogCommandHandler, Snapshotter } from "everfold"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { Account, deposit, withdraw } from "../../Bank.ts"
import type { Ports, Stores } from "./Place.ts"

/** What subscribers stand on. */
export type Ground = Ports | Layer.Layer.Success<ReturnType<typeof Engine.layer>>

/** What runs, and how it finds what nobody rings for. */
export interface Options<E> {
  readonly subscribers: Layer.Layer<never, E, Ground>
  readonly poll?: Duration.DurationInput
}

/** Starts an engine with subscribers; it ends with the scope. */
export const start = <E>(
  { ports }: Stores,
  { poll, subscribers }: Options<E>
): Effect.Effect<Context.Context<Ground>, E | StoreError.StoreError, Scope.Scope> =>
  Engine.layer({ ...(poll !== undefined && { poll }) }).pipe(
    Layer.provideMerge(Layer.succeedContext(ports)),
    (engine) => Layer.build(Layer.provideMerge(Layer.discard(subscribers), engine))
  )

/** What customers want. */
export const wishes = (most: number) =>
  FastCheck.array(wish, { minLength: Math.ceil(most / 2), maxLength: most })

/** Sends what customers want, with pauses, to a handler that no life ends; the ids of the events that it has led to. */
export const send = (stores: Stores, commands: ReadonlyArray<Wish>) =>
  Effect.forEach(commands, (command) =>
    Effect.gen(function* () {
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 400))
      const { events } = yield* CommandHandler.handle(Account, command)
      return events.map(({ id }) => id)
    }).pipe(Effect.catchTag("InsufficientFunds", () => Effect.succeed([])))
  ).pipe(
    Effect.map((ids) => ids.flat()),
    Effect.provide(
      LogCommandHandler.layer.pipe(
        Layer.provide(Snapshotter.layer),
        Layer.provide(Layer.succeedContext(stores.ports))
      )
    )
  )

type Wish = ReturnType<typeof deposit> | ReturnType<typeof withdraw>

// internal

const wish: FastCheck.Arbitrary<Wish> = FastCheck.tuple(
  FastCheck.constantFrom(deposit, deposit, withdraw),
  FastCheck.constantFrom("alice", "bob", "carol"),
  FastCheck.integer({ min: 1, max: 20 })
).map(([make, accountId, amount]) => make(accountId, amount))
