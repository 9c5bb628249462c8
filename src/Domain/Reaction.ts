/**
 * A policy: an event in, commands out. Pure; the kit sends the commands, each commit together with the
 * position that the reaction has reached, so that they happen exactly once.
 */
import type { Recorded } from "./Event.ts"
import * as Event from "./Event.ts"
import type { Category, Containing } from "./Category.ts"
import * as EventCodec from "./EventCodec.ts"
import type * as Message from "./Message.ts"
import type { TagOf, TypeOf } from "./Message.ts"
import * as Name from "./Name.ts"

/** A reaction. */
export interface Reaction<Name extends string, Events extends Message.List, Commands extends Message.List> {
  readonly name: Name
  readonly commands: Commands
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  readonly react: (recorded: Recorded<TypeOf<Events>>) => ReadonlyArray<TypeOf<Commands>>
}

/** One handler per event: the commands that answer it, in the order in which they are decided. */
export type Handlers<Events extends Message.List, Commands extends Message.List> = Event.Handlers<
  Events,
  ReadonlyArray<TypeOf<Commands>>
>

/** A reaction that waits for its handlers. */
export interface Declared<Name extends string, Events extends Message.List, Commands extends Message.List> {
  readonly on: <H extends Handlers<Events, Commands>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event">
  ) => Reaction<Name, Events, Commands>
}

/**
 * Declares a reaction.
 *
 * @example
 * const Reorder = Reaction.make("reorder", { events: [StockUpdated], commands: [PlaceOrder] }).on({
 *   StockUpdated: (event) => (event.stock < 5 ? [PlaceOrder.make({ productId: event.productId })] : [])
 * })
 */
export const make = <
  const Name extends string,
  const Events extends Message.List,
  const Commands extends Message.List,
  const Categories extends ReadonlyArray<Category> = ReadonlyArray<Category>
>(
  /** Permanent: the reaction's position in the log is found by it. */
  name: Name,
  data: {
    readonly events: Events
    /** Read as a whole: an event of theirs that no release knew halts the subscriber instead of passing it by. */
    readonly categories?: Categories & Containing<Categories, Events>
    readonly commands: Commands
  }
): Declared<Name, Events, Commands> => {
  Name.check("a reaction", name)
  const codec = EventCodec.make(data.events, data.categories)
  return {
    on: (handlers) => ({
      name,
      commands: data.commands,
      codec,
      react: Event.handledBy<ReadonlyArray<TypeOf<Commands>>>(handlers)
    })
  }
}
