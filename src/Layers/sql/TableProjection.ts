/**
 * A read model as tables of its own: each event runs SQL inside the transaction that moves the position, so
 * that it counts exactly once. For what one row per key cannot say: joins, sums over many rows, fan-out.
 */
import type * as Effect from "effect/Effect"
import type { Category, Containing } from "../../Domain/Category.ts"
import * as EventCodec from "../../Domain/EventCodec.ts"
import type { Recorded } from "../../Domain/Event.ts"
import * as Event from "../../Domain/Event.ts"
import type * as Message from "../../Domain/Message.ts"
import type { TagOf, TypeOf } from "../../Domain/Message.ts"
import * as Name from "../../Domain/Name.ts"
import type * as Projection from "../../Domain/Projection.ts"
import type { ReadDb } from "./ReadDb.ts"

/** A table projection. */
export interface TableProjection<
  Name extends string,
  Events extends Message.List
> extends Projection.Any<Name> {
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  readonly setup: Effect.Effect<unknown, unknown, ReadDb>
  readonly handle: (recorded: Recorded<TypeOf<Events>>) => Effect.Effect<unknown, unknown, ReadDb>
}

/** One handler per event. */
export type Handlers<Events extends Message.List> = Event.Handlers<
  Events,
  Effect.Effect<unknown, unknown, ReadDb>
>

/** A table projection that waits for its handlers. */
export interface Declared<Name extends string, Events extends Message.List> {
  readonly on: <H extends Handlers<Events>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event">
  ) => TableProjection<Name, Events>
}

/** Declares a table projection. */
export const make = <
  const Name extends string,
  const Events extends Message.List,
  const Categories extends ReadonlyArray<Category> = ReadonlyArray<Category>
>(
  /** Permanent: the position is found by it. */
  name: Name,
  data: {
    readonly events: Events
    /** Read as a whole: an event of theirs that no release knew halts the subscriber instead of passing it by. */
    readonly categories?: Categories & Containing<Categories, Events>
    /** Makes the tables, empty; runs before the first event of a version. */
    readonly setup: Effect.Effect<unknown, unknown, ReadDb>
    /** Raise it when the handlers change their meaning: `setup` runs again, and the log is read again. */
    readonly version?: number
  }
): Declared<Name, Events> => {
  Name.check("a table projection", name)
  const codec = EventCodec.make(data.events, data.categories)
  return {
    on: (handlers) => ({
      name,
      version: data.version ?? 1,
      shape: "",
      indexes: [],
      search: [],
      codec,
      setup: data.setup,
      handle: Event.handledBy<Effect.Effect<unknown, unknown, ReadDb>>(handlers)
    })
  }
}
