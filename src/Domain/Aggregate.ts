/**
 * The consistency boundary: the Schemas of its state, events and commands, a fold, and a decision.
 *
 * Declared in steps (data, then `evolve`, then `decide`), because TypeScript infers a state with literals only
 * when it is known before the functions are read. The idea of the decider is Jérémie Chassaing's.
 */
import * as Either from "effect/Either"
import type * as AST from "effect/SchemaAST"
import type { Circumstances } from "./Circumstances.ts"
import { fixed } from "./Circumstances.ts"
import * as EventCodec from "./EventCodec.ts"
import * as Message from "./Message.ts"
import type { ByTag, List, TagOf, Tagged, TypeOf } from "./Message.ts"
import * as Name from "./Name.ts"
import * as Snapshot from "./Snapshot.ts"

/** Why a command was refused: an error with a tag, as `Schema.TaggedError` makes it. */
export interface Rejection extends Error {
  readonly _tag: string
}

/** The Schema of a state: any Schema without requirements. */
export interface StateSchema {
  readonly Type: unknown
  readonly Encoded: unknown
  readonly Context: never
  readonly ast: AST.AST
}

/** Any aggregate. */
export interface Any {
  readonly name: string
  readonly events: List
  readonly commands: List
  readonly state: StateSchema
  readonly initial: unknown
  readonly id: (command: never) => string
  readonly evolve: (state: never, event: never) => unknown
  readonly decide: (
    state: never,
    command: never,
    circumstances: Circumstances
  ) => Either.Either<ReadonlyArray<Tagged>, unknown>
  readonly codec: EventCodec.Any
  readonly commandCodec: EventCodec.Any
  /** How its states are kept; `undefined` when they are not. */
  readonly snapshot: Snapshot.Any | undefined
  readonly [Rejections]: unknown
}

/** One aggregate; `Rejections` maps the tag of each command to the rejections that its decision can return. */
export interface Aggregate<
  Name extends string,
  State,
  Events extends List,
  Commands extends List,
  RejectionsByTag
> extends Any {
  readonly name: Name
  readonly events: Events
  readonly commands: Commands
  readonly state: StateSchema & { readonly Type: State }
  readonly initial: State
  readonly id: (command: TypeOf<Commands>) => string
  /** Total and pure: what is in the log has happened. */
  readonly evolve: (state: State, event: TypeOf<Events>) => State
  readonly decide: (
    state: State,
    command: TypeOf<Commands>,
    circumstances: Circumstances
  ) => Either.Either<ReadonlyArray<TypeOf<Events>>, RejectionsByTag[keyof RejectionsByTag]>
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  readonly commandCodec: EventCodec.EventCodec<TypeOf<Commands>>
  readonly snapshot: Snapshot.Codec<State> | undefined
  readonly [Rejections]: RejectionsByTag
}

/** The state of an aggregate. */
export type State<A extends Any> = A["initial"]
/** The union of its events. */
export type Event<A extends Any> = TypeOf<A["events"]>
/** The union of its commands. */
export type Command<A extends Any> = TypeOf<A["commands"]>
/** The rejections of one of its commands, or of all. */
export type RejectionOf<A extends Any, C extends Tagged = Command<A>> = A[typeof Rejections][C["_tag"] &
  keyof A[typeof Rejections]]

/** One fold per event. */
export type Evolve<State, E extends Tagged> = {
  readonly [Tag in E["_tag"]]: (state: State, event: ByTag<E, Tag>) => State
}

/** One decision per command: events (`[]` when there is nothing to do), or a rejection. */
export type Decide<State, C extends Tagged, E> = {
  readonly [Tag in C["_tag"]]: (
    command: ByTag<C, Tag>,
    state: State,
    circumstances: Circumstances
  ) => ReadonlyArray<E> | Rejection
}

/** An aggregate that waits for its folds. */
export interface Declared<Name extends string, State, Events extends List, Commands extends List> {
  readonly evolve: <H extends Evolve<State, TypeOf<Events>>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event"> & Message.Exact<H, State, "state">
  ) => Folded<Name, State, Events, Commands>
}

/** An aggregate that waits for its decisions. */
export interface Folded<Name extends string, State, Events extends List, Commands extends List> {
  readonly decide: <H extends Decide<State, TypeOf<Commands>, TypeOf<Events>>>(
    handlers: H & Message.NoExtra<H, TagOf<Commands>, "command">
  ) => Aggregate<
    Name,
    State,
    Events,
    Commands,
    { readonly [Tag in keyof H]: Exclude<ReturnOf<H[Tag]>, ReadonlyArray<unknown>> }
  >
}

/**
 * Declares an aggregate.
 *
 * @example
 * const Account = Aggregate.make("Account", {
 *   events: [Deposited], commands: [Deposit],
 *   state: Schema.Struct({ balance: Schema.Int }), initial: { balance: 0 },
 *   id: (command) => command.accountId
 * })
 *   .evolve({ Deposited: (state, event) => ({ balance: state.balance + event.amount }) })
 *   .decide({ Deposit: (command) => [Deposited.make({ ...command })] })
 */
export const make = <
  const Name extends string,
  const Events extends List,
  const Commands extends List,
  S extends StateSchema
>(
  /** The category of its streams, permanent: `<name>-<id>`. */
  name: Name,
  data: {
    readonly events: Events
    readonly commands: Commands
    /** Needed by snapshots and by whoever shows a state. */
    readonly state: S
    readonly initial: S["Type"]
    /** Which aggregate a command is for. */
    readonly id: (command: TypeOf<Commands>) => string
    /** Keeps states, so that long streams load fast; the state must have a form in JSON. */
    readonly snapshot?: Snapshot.Options | undefined
  }
): Declared<Name, S["Type"], Events, Commands> => {
  Name.check("an aggregate", name)
  const codec = EventCodec.make(data.events)
  const commandCodec = EventCodec.make(data.commands)
  const snapshot = data.snapshot && Snapshot.make(name, data.state, codec.revisions, data.snapshot)
  return {
    evolve: (folds) => {
      const fold = Message.handlerOf<(state: S["Type"], event: TypeOf<Events>) => S["Type"]>(folds)
      return {
        decide: (decisions) => {
          const decision =
            Message.handlerOf<
              (command: TypeOf<Commands>, state: S["Type"], circumstances: Circumstances) => unknown
            >(decisions)
          const aggregate = {
            ...data,
            name,
            codec,
            commandCodec,
            snapshot,
            evolve: (state: S["Type"], event: TypeOf<Events>) => fold(event._tag)(state, event),
            decide: (state: S["Type"], command: TypeOf<Commands>, circumstances: Circumstances) => {
              const result = decision(command._tag)(command, state, circumstances)
              return Array.isArray(result) ? Either.right(result) : Either.left(result)
            }
          }
          // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the map of rejections exists in the types only
          return aggregate as never
        }
      }
    }
  }
}

/** The stream of one aggregate. */
export const stream = (aggregate: { readonly name: string }, id: string): string => `${aggregate.name}-${id}`

/** The stream that a command is for. */
export const streamOf = <A extends Any, C extends Command<A>>(aggregate: A, command: C): string =>
  stream(aggregate, typed<A, C>(aggregate).id(command))

/** Folds events into a state. */
export const replay = <A extends Any>(
  aggregate: A,
  events: Iterable<Event<A>>,
  from: State<A> = aggregate.initial
): State<A> => {
  const { evolve } = typed(aggregate)
  let state = from
  for (const event of events) state = evolve(state, event)
  return state
}

/** What a command does to a state: events, or a rejection of this very command. */
export const decide = <A extends Any, C extends Command<A>>(
  aggregate: A,
  state: State<A>,
  command: C,
  circumstances: Circumstances
): Either.Either<ReadonlyArray<Event<A>>, RejectionOf<A, C>> =>
  typed<A, C>(aggregate).decide(state, command, circumstances)

/**
 * A test as data: given these events, when this command, then an `Either` to compare with: the new events on
 * the right, the rejection on the left.
 *
 * @example
 * expect(Aggregate.given(Account, deposited).when(withdraw)).toEqual(Either.right([withdrawn]))
 */
export const given = <A extends Any>(aggregate: A, ...events: ReadonlyArray<Event<A>>) => ({
  when: <C extends Command<A>>(command: C, circumstances: Circumstances = fixed) =>
    decide(aggregate, replay(aggregate, events), command, circumstances)
})

// internal

/** Only in the types: the map of rejections by command. */
declare const Rejections: unique symbol

type ReturnOf<F> = F extends (...args: never) => infer R ? R : never

interface Typed<A extends Any, C extends Command<A>> {
  readonly id: (command: C) => string
  readonly evolve: (state: State<A>, event: Event<A>) => State<A>
  readonly decide: (
    state: State<A>,
    command: C,
    circumstances: Circumstances
  ) => Either.Either<ReadonlyArray<Event<A>>, RejectionOf<A, C>>
  readonly codec: EventCodec.EventCodec<Event<A>>
  readonly commandCodec: EventCodec.EventCodec<C>
  readonly snapshot: Snapshot.Codec<State<A>> | undefined
}

/**
 * The functions of any aggregate with the types that belong to it. `Any` is the covariant face that every
 * aggregate has (its arguments are `never`), so this is where the types come back.
 *
 * @internal
 */
export const typed = <A extends Any, C extends Command<A> = Command<A>>(aggregate: A): Typed<A, C> =>
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- an aggregate's functions take what its Schemas describe
  aggregate as never
