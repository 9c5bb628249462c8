/** Somebody who is ready to do the work of a row. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"

/**
 * Does so many runs of a case. Returns the seconds that count for all of them together, where those are not the ones
 * that pass (a median latency, say).
 */
export type Contender = (name: string, runs: number) => Promise<number | void>

/** The work of each case: does so many runs. A contender that has no part in a case has no work for it. */
export type Work<Cases extends string, Done> = Readonly<Partial<Record<Cases, (runs: number) => Done>>>

/** Whose work is programs on layers, which stay open; `prepare` runs first. */
export const onLayers = async <R, E>(
  layer: Layer.Layer<R, E>,
  prepare: Effect.Effect<unknown, unknown, R>,
  work: Work<string, Effect.Effect<number | void, unknown, R>>
): Promise<Contender> => {
  const runtime = ManagedRuntime.make(layer)
  await runtime.runPromise(prepare)
  return (name, runs) => runtime.runPromise(Effect.suspend(() => caseOf(work, name)(runs)))
}

/** Whose work is plain calls. */
export const onCalls =
  (work: Work<string, number | void>): Contender =>
  async (name, runs) =>
    caseOf(work, name)(runs)

// internal

const caseOf = <Done>(work: Work<string, Done>, name: string): ((runs: number) => Done) => {
  const found = work[name]
  if (found === undefined) throw new Error(`nobody does "${name}"`)
  return found
}
