/** The limits of whatever is built here: given to a stack, which hands them on, or left at their defaults. */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { Limits } from "../Domain/Limits.ts"
import { defaults } from "../Domain/Limits.ts"

export * from "../Domain/Limits.ts"

/** The limits in force. */
export class Current extends Context.Reference<Current>()("everfold/Limits", {
  defaultValue: (): Limits => defaults
}) {}

/**
 * Other limits than the defaults, for the layers that they are provided to. A stack hands them on to the program, and to
 * what is built on it and given none of its own.
 *
 * @example
 * SqliteStack.layer({ directory }).pipe(Layer.provide(Limits.layer({ eventBytes: 1024 * 1024 })))
 */
export const layer = (limits: Partial<Limits>): Layer.Layer<Current> =>
  Layer.succeed(Current, { ...defaults, ...limits })
