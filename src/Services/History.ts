/** What happened to one aggregate: its events, its state at any moment, and what each event changed. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Difference from "../Domain/Difference.ts"
import type { Recorded } from "../Domain/Event.ts"
import * as Decoding from "./Decoding.ts"
import type { StreamQuery } from "./EventStore.ts"
import { defaultLimit, EventStore } from "./EventStore.ts"
import * as StoreError from "./StoreError.ts"

/** A moment in the life of an aggregate; now, unless it says otherwise. */
export interface Moment {
  /** Not beyond this version. */
  readonly version?: number
  /** Not beyond this time, in milliseconds since 1970. */
  readonly time?: number
}

/** The events of one aggregate up to a moment, oldest first. */
export const of = <A extends Aggregate.Any>(
  aggregate: A,
  id: string,
  until: Moment = {}
): Effect.Effect<ReadonlyArray<Recorded<Aggregate.Event<A>>>, StoreError.StoreError, EventStore> =>
  Effect.flatMap(EventStore, ({ readStream }) => {
    const { codec } = Aggregate.typed(aggregate)
    const query = { ...until, stream: Aggregate.stream(aggregate, id) }
    const history: Array<Recorded<Aggregate.Event<A>>> = []
    return pages(readStream, query, history, (_, page) =>
      Either.map(Decoding.all(codec, page), (recorded) => {
        history.push(...recorded)
        return history
      })
    )
  })

/** The state of one aggregate at a moment; `initial` before its first event. */
export const stateAt = <A extends Aggregate.Any>(
  aggregate: A,
  id: string,
  moment: Moment = {}
): Effect.Effect<Aggregate.State<A>, StoreError.StoreError, EventStore> =>
  Effect.flatMap(EventStore, ({ readPast }) => {
    const { codec } = Aggregate.typed(aggregate)
    const query = { ...moment, stream: Aggregate.stream(aggregate, id) }
    return pages(readPast, query, aggregate.initial, (state: Aggregate.State<A>, page) =>
      Either.map(Decoding.payloads(codec, page), (events) => Aggregate.replay(aggregate, events, state))
    )
  })

/** An event and which fields of the state it changed, from what to what. */
export interface Change<A extends Aggregate.Any> {
  readonly recorded: Recorded<Aggregate.Event<A>>
  readonly differences: ReadonlyArray<Difference.Difference>
}

/** Who changed what, when, and from which value: the audit trail of one aggregate. */
export const changes = <A extends Aggregate.Any>(
  aggregate: A,
  id: string
): Effect.Effect<ReadonlyArray<Change<A>>, StoreError.StoreError, EventStore> =>
  Effect.map(of(aggregate, id), (history) => {
    let state: Aggregate.State<A> = aggregate.initial
    return history.map((recorded) => {
      const before = state
      state = Aggregate.replay(aggregate, [recorded.event], before)
      return { recorded, differences: Difference.between(before, state) }
    })
  })

// internal

/** Takes the events of a stream page by page, each together with what was made of those before it. */
const pages = <S, A>(
  read: (query: StreamQuery) => Effect.Effect<ReadonlyArray<S>, StoreError.StoreError>,
  query: StreamQuery,
  initial: A,
  take: (before: A, page: ReadonlyArray<S>) => Either.Either<A, StoreError.StoreError>
) => {
  const onward = (before: A, after: number): Effect.Effect<A, StoreError.StoreError> =>
    Effect.flatMap(read({ ...query, after }), (page) => {
      const taken = take(before, page)
      return Either.isLeft(taken) || page.length < defaultLimit
        ? taken
        : onward(taken.right, after + page.length)
    })
  return onward(initial, 0)
}
