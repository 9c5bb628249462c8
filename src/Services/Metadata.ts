/** Who wants something, and for which request: set around a program, found again on each of its events. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Metadata } from "../Domain/Event.ts"

/** The metadata of the commands that are sent from here; empty unless somebody said more. */
export class Current extends Context.Reference<Current>()("everfold/Metadata", {
  defaultValue: (): Metadata => ({})
}) {}

/**
 * Adds to the metadata of every command sent inside, forked fibers included. A command's own id is given to
 * `CommandHandler.handle`.
 *
 * @example
 * program.pipe(Metadata.with({ actor: "alice" }))
 */
const withMetadata =
  (metadata: Omit<Metadata, "commandId">) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Current, (current) => Effect.provideService(effect, Current, { ...current, ...metadata }))

export { withMetadata as with }
