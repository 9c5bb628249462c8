/**
 * A process: state folded over several streams, and what it wants done: commands now, or later unless something
 * comes in between. Pure; the kit stores what was decided together with the state and the position, and sends it
 * from there, so that code that has changed meanwhile does not decide it again.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import type { Recorded } from "./Event.ts"
import * as Event from "./Event.ts"
import type { Category, Containing } from "./Category.ts"
import * as EventCodec from "./EventCodec.ts"
import type * as Message from "./Message.ts"
import type { TagOf, TypeOf } from "./Message.ts"
import * as Name from "./Name.ts"

/** Commands that are sent when their time has come, unless the timer is cancelled before. */
export interface Timer<Command> {
  readonly name: string
  /** After the event was recorded. */
  readonly after: Duration.Duration
  readonly send: ReadonlyArray<Command>
}

/** What an event leads to. */
export interface Step<State, Command> {
  /** The state from now on; absent when it stays as it is. */
  readonly state?: State
  /** The process is over: its timers are cancelled, and it is forgotten. Its next event begins another one. */
  readonly ends?: boolean
  /** Sent in this order, all or none. */
  readonly send?: ReadonlyArray<Command>
  /** Set in the place of those with the same name. */
  readonly timers?: ReadonlyArray<Timer<Command>>
  /** The names of timers that are not wanted any more. */
  readonly cancel?: ReadonlyArray<string>
}

/** A timer: so long after the event was recorded, these commands. */
export const after = <Command>(
  duration: Duration.DurationInput,
  name: string,
  ...send: ReadonlyArray<Command>
): Timer<Command> => ({ name, after: Duration.decode(duration), send })

/** A process. */
export interface Process<
  Name extends string,
  State,
  Events extends Message.List,
  Commands extends Message.List
> {
  readonly name: Name
  readonly commands: Commands
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  /** Which process an event belongs to. */
  readonly key: (recorded: Recorded<TypeOf<Events>>) => string
  readonly initial: State
  readonly state: Schema.Schema<State, unknown>
  readonly step: (state: State, recorded: Recorded<TypeOf<Events>>) => Step<State, TypeOf<Commands>>
}

/** One handler per event: the state before, and what the event leads to. */
export type Handlers<State, Events extends Message.List, Commands extends Message.List> = {
  readonly [Tag in TagOf<Events>]: (
    state: State,
    event: Message.ByTag<TypeOf<Events>, Tag>,
    recorded: Recorded<Message.ByTag<TypeOf<Events>, Tag>>
  ) => Step<State, TypeOf<Commands>>
}

/** A process that waits for its handlers. */
export interface Declared<
  Name extends string,
  State,
  Events extends Message.List,
  Commands extends Message.List
> {
  readonly on: <H extends Handlers<State, Events, Commands>>(
    handlers: H &
      Message.NoExtra<H, TagOf<Events>, "event"> &
      Message.Exact<H, Step<State, TypeOf<Commands>>, "step">
  ) => Process<Name, State, Events, Commands>
}

/**
 * Declares a process.
 *
 * @example
 * const Payment = Process.make("payment", {
 *   state: Schema.Struct({ paid: Schema.Boolean }),
 *   initial: { paid: false },
 *   events: [OrderConfirmed, PaymentReceived],
 *   commands: [CancelOrder, ShipOrder],
 *   key: (event) => event.orderId
 * }).on({
 *   OrderConfirmed: (_, { orderId }) => ({
 *     timers: [Process.after("30 minutes", "unpaid", CancelOrder.make({ orderId }))]
 *   }),
 *   PaymentReceived: (_, { orderId }) => ({
 *     ends: true,
 *     send: [ShipOrder.make({ orderId })]
 *   })
 * })
 */
export const make = <
  const Name extends string,
  State,
  Encoded,
  const Events extends Message.List,
  const Commands extends Message.List,
  const Categories extends ReadonlyArray<Category> = ReadonlyArray<Category>
>(
  /** Permanent: the process's position in the log is found by it. */
  name: Name,
  data: {
    /** What the process remembers, as JSON. */
    readonly state: Schema.Schema<State, Encoded>
    /** Before its first event. */
    readonly initial: NoInfer<State>
    readonly events: Events
    /** Read as a whole: an event of theirs that no release knew halts the subscriber instead of passing it by. */
    readonly categories?: Categories & Containing<Categories, Events>
    readonly commands: Commands
    /** Which process an event belongs to. */
    readonly key: (event: TypeOf<Events>, recorded: Recorded<TypeOf<Events>>) => string
  }
): Declared<Name, State, Events, Commands> => {
  Name.check("a process", name)
  const codec = EventCodec.make(data.events, data.categories)
  return {
    on: (handlers) => {
      const step = Event.foldedBy<State, Step<State, TypeOf<Commands>>>(handlers)
      return {
        name,
        commands: data.commands,
        codec,
        key: (recorded) => data.key(recorded.event, recorded),
        initial: data.initial,
        state: Schema.make<State, unknown>(data.state.ast),
        step
      }
    }
  }
}
