import type { Contract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"

/** The names of the promises that a store breaks. */
export const broken = <R>(cases: ReadonlyArray<Contract.Case<R>>, store: Layer.Layer<R>) =>
  Effect.gen(function* () {
    const names: Array<string> = []
    for (const { name, run } of cases) {
      const exit = yield* Effect.exit(Effect.timeout(run, "5 seconds"))
      if (Exit.isFailure(exit)) names.push(name)
    }
    return names
  }).pipe(Effect.provide(store))
