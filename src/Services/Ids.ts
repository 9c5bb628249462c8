/** Unique ids as a capability, so that a run can be repeated. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The port of ids. */
export class Ids extends Context.Tag("everfold/Ids")<
  Ids,
  {
    /** A new id; later ids sort after earlier ones. */
    readonly next: Effect.Effect<string>
  }
>() {}

/** A new id. */
export const next: Effect.Effect<string, never, Ids> = Effect.flatMap(Ids, (ids) => ids.next)
