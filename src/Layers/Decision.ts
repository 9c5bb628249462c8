/** Commands decided on the states of their aggregates: what to append, and where. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Aggregate from "../Domain/Aggregate.ts"
import type { Committed } from "../Domain/Append.ts"
import * as Circumstances from "../Domain/Circumstances.ts"
import type { Part } from "../Domain/Commit.ts"
import type { Encoded, Metadata } from "../Domain/Event.ts"
import type { CodecError } from "../Domain/EventCodec.ts"
import * as Expected from "../Domain/Expected.ts"
import * as Message from "../Domain/Message.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { Receipt } from "../Services/CommandHandler.ts"
import * as Decoding from "../Services/Decoding.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as State from "./State.ts"

/** What a command leads to: the events, and the part of a commit that appends them. */
export interface Decided<A extends Aggregate.Any> {
  readonly events: ReadonlyArray<Aggregate.Event<A>>
  readonly part: Part
}

/** Decides a command on the loaded state of its stream. */
export const decide = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
  aggregate: A,
  command: C,
  stream: string,
  loaded: State.Loaded<A>,
  circumstances: Circumstances.Circumstances
): Either.Either<Decided<A>, Aggregate.RejectionOf<A, C> | StoreError.StoreError> =>
  Either.flatMap(Aggregate.decide(aggregate, loaded.state, command, circumstances), (events) => {
    const encoded: Array<Encoded> = []
    for (const event of events) {
      const one = Aggregate.typed(aggregate).codec.encode(event)
      if (Either.isLeft(one)) return Either.left(unstorable(command, one.left))
      encoded.push(one.right)
    }
    return Either.right({ events, part: partOf(stream, loaded, encoded) })
  })

/** What a refused command leads to: the question whether the state still is the newest one. */
export const nothing = <A extends Aggregate.Any>(stream: string, loaded: State.Loaded<A>): Decided<A> => ({
  events: [],
  part: partOf(stream, loaded, [])
})

/** Which aggregate handles a command; throws when two of them do. */
export const routes = (aggregates: ReadonlyArray<Aggregate.Any>): ReadonlyMap<string, Aggregate.Any> => {
  Message.byTag(aggregates.flatMap(({ commands }) => commands))
  return new Map(
    aggregates.flatMap((aggregate) =>
      Array.from(Message.byTag(aggregate.commands).keys(), (tag) => [tag, aggregate] as const)
    )
  )
}

/**
 * Decides several commands in their order, each on what those before it have decided, as the parts of one
 * commit: all of it happens, or nothing. `now` is the time that they decide by.
 */
export const decideAll = (
  sources: State.Sources,
  routes: ReadonlyMap<string, Aggregate.Any>,
  commands: ReadonlyArray<Tagged>,
  commandId: string,
  now: number
): Effect.Effect<ReadonlyArray<Part>, unknown> =>
  Effect.gen(function* () {
    const parts = new Map<string, Part>()
    const states = new Map<string, State.Loaded<Aggregate.Any>>()
    for (const [index, command] of commands.entries()) {
      const aggregate = yield* Effect.fromNullable(routes.get(command._tag))
      const stream = Aggregate.streamOf(aggregate, command)
      const loaded = states.get(stream) ?? (yield* State.load(sources, aggregate, stream))
      const circumstances = Circumstances.ofCommand(`${commandId}.${index}`, now)
      const { events, part } = yield* decide(aggregate, command, stream, loaded, circumstances)
      states.set(stream, { ...loaded, state: Aggregate.replay(aggregate, events, loaded.state) })
      parts.set(stream, { ...part, events: [...(parts.get(stream)?.events ?? []), ...part.events] })
    }
    return [...parts.values()]
  })

/** The answer to a command: what was recorded, or that the stream still is at its version. */
export const receipt = <A extends Aggregate.Any>(
  aggregate: A,
  stream: string,
  version: number,
  { events, position }: Committed
): Either.Either<Receipt<Aggregate.Event<A>>, StoreError.StoreError> =>
  Either.map(Decoding.all(Aggregate.typed(aggregate).codec, events), (recorded) => ({
    stream,
    version: recorded.at(-1)?.version ?? version,
    position,
    events: recorded
  }))

/**
 * Says which wish a command is: two commands with the same text are the same one. A stream has no space in its name,
 * and a payload ends with its brace.
 */
export const request = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
  aggregate: A,
  command: C,
  stream: string
): Either.Either<string, StoreError.StoreError> =>
  Either.mapBoth(Aggregate.typed<A, C>(aggregate).commandCodec.encode(command), {
    onLeft: (error) => StoreError.make("Invalid", error.message),
    onRight: ({ payload, type }) => `${stream} ${payload} ${type}`
  })

/** The metadata of a command: its own id, and the request that it belongs to. */
export const metadata = (current: Metadata, commandId: string): Metadata => ({
  correlationId: commandId,
  ...current,
  commandId
})

// internal

const partOf = (
  stream: string,
  { last, version }: State.Loaded<Aggregate.Any>,
  events: ReadonlyArray<Encoded>
): Part => ({ stream, expected: Expected.exactly(version, last), events })

const unstorable = (command: Tagged, { message }: CodecError) =>
  StoreError.make("Invalid", `${command._tag} decided an event that cannot be stored: ${message}`)
