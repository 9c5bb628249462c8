/** What happened to one aggregate: its events, its state at any moment, and what each event changed. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Difference from "../Domain/Difference.ts"
import type { Recorded, Stored } from "../Domain/Event.ts"
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
  Effect.gen(function* () {
    const { codec } = Aggregate.typed(aggregate)
    const history: Array<Recorded<Aggregate.Event<A>>> = []
    yield* pages(Aggregate.stream(aggregate, id), until, (page) =>
      Either.map(StoreError.decodedAll(codec, page), (recorded) => void history.push(...recorded))
    )
    return history
  })

/** The state of one aggregate at a moment; `initial` before its first event. */
export const stateAt = <A extends Aggregate.Any>(
  aggregate: A,
  id: string,
  moment: Moment = {}
): Effect.Effect<Aggregate.State<A>, StoreError.StoreError, EventStore> =>
  Effect.gen(function* () {
    const { codec } = Aggregate.typed(aggregate)
    let state: Aggregate.State<A> = aggregate.initial
    yield* pages(Aggregate.stream(aggregate, id), moment, (page) =>
      Either.map(StoreError.decodedEvents(codec, page), (events) => {
        state = Aggregate.replay(aggregate, events, state)
      })
    )
    return state
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

/** Gives out the events of a stream up to a moment, page by page. */
const pages = (
  stream: string,
  until: Moment,
  take: (page: ReadonlyArray<Stored>) => Either.Either<void, StoreError.StoreError>
) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    let after = 0
    while (true) {
      const page = yield* store.readStream({ ...until, stream, after })
      yield* take(page)
      if (page.length < defaultLimit) return
      after += page.length
    }
  })
