/** What a log should hold: small, slow and obvious. It shares the kernel's types, and none of its rules. */
import type { Commit, EventStore, Expected, Message } from "everfold"
import { Aggregate, Circumstances } from "everfold"
import type * as Either from "effect/Either"
import type { Request, Wish, Written } from "./Request.ts"

/** All that a log holds. */
export interface Model {
  readonly events: ReadonlyArray<Written>
  /** What was written under each id. */
  readonly requests: ReadonlyMap<string, Request>
  readonly checkpoints: ReadonlyMap<string, number>
}

/** An empty log. */
export const empty: Model = { events: [], requests: new Map(), checkpoints: new Map() }

/** The events of a stream. */
export const streamOf = ({ events }: Model, stream: string): ReadonlyArray<Written> =>
  events.filter((event) => event.stream === stream)

/** The end of a stream. */
export const endOf = (model: Model, stream: string) => {
  const events = streamOf(model, stream)
  return { version: events.length, position: events.at(-1)?.position ?? 0, last: events.at(-1)?.id }
}

/** The events that were written under an id. */
export const writtenUnder = ({ events }: Model, id: string): ReadonlyArray<Written> =>
  events.filter((event) => event.id.startsWith(`${id}#`))

/** Whether a stream is as a writer believes. */
export const holds = (model: Model, stream: string, expected: Expected.Expected): boolean => {
  const { last, version } = endOf(model, stream)
  switch (expected._tag) {
    case "Any":
      return true
    case "NoStream":
      return version === 0
    case "StreamExists":
      return version > 0
    case "Exactly":
      return version === expected.version && (expected.last ?? last) === last
  }
}

/** The state of an aggregate at a version. */
export const stateOf = (
  model: Model,
  aggregate: Aggregate.Any,
  stream: string,
  version = Infinity
): unknown => {
  const history = streamOf(model, stream).slice(0, version)
  return Aggregate.replay(
    aggregate,
    history.map(({ event }) => event)
  )
}

/** What an aggregate says to a command now. */
export const decide = (
  model: Model,
  { aggregate, command }: Wish
): Either.Either<ReadonlyArray<Message.Tagged>, unknown> => {
  const state = stateOf(model, aggregate, Aggregate.streamOf(aggregate, command))
  return Aggregate.decide(aggregate, state, command, Circumstances.fixed)
}

/** A page of the log. */
export const page = ({ events }: Model, query: EventStore.LogQuery) => {
  const { after = 0, categories, limit = Infinity, types } = query
  const found = events
    .filter(({ position }) => position > after)
    .filter(({ event }) => types?.includes(event._tag) ?? true)
    .filter(({ stream }) => categories?.includes(stream.slice(0, stream.indexOf("-"))) ?? true)
    .slice(0, limit)
  const full = found.length === limit
  return {
    after,
    to: full ? (found.at(-1)?.position ?? after) : Math.max(after, events.length),
    events: found
  }
}

/** The log with more events, all of one commit. */
export const write = (
  model: Model,
  id: string,
  request: Request,
  parts: ReadonlyArray<{ readonly stream: string; readonly events: ReadonlyArray<Message.Tagged> }>
): Model => {
  const events = [...model.events]
  let n = 0
  for (const { events: added, stream } of parts) {
    let { version } = endOf({ ...model, events }, stream)
    for (const event of added) {
      events.push({ id: `${id}#${n++}`, stream, version: ++version, position: events.length + 1, event })
    }
  }
  return n === 0 ? model : { ...model, events, requests: new Map([...model.requests, [id, request]]) }
}

/** The log with a checkpoint elsewhere. */
export const advance = (model: Model, move: Commit.Advance | undefined): Model =>
  move === undefined
    ? model
    : { ...model, checkpoints: new Map([...model.checkpoints, [move.subscriber, move.to]]) }
