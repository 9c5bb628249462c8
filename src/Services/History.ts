/** What happened to one aggregate: its events, its state at any moment, and what each event changed. */
import * as Effect from "effect/Effect"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Difference from "../Domain/Difference.ts"
import type { Recorded } from "../Domain/Event.ts"
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
    const store = yield* EventStore
    const { codec } = Aggregate.typed(aggregate)
    const stream = Aggregate.stream(aggregate, id)
    const history: Array<Recorded<Aggregate.Event<A>>> = []
    let after = 0
    while (true) {
      const page = yield* store.readStream({ ...until, stream, after })
      history.push(...(yield* StoreError.decodedAll(codec, page)))
      if (page.length < defaultLimit) return history
      after += page.length
    }
  })

/** The state of one aggregate at a moment; `initial` before its first event. */
export const stateAt = <A extends Aggregate.Any>(
  aggregate: A,
  id: string,
  moment: Moment = {}
): Effect.Effect<Aggregate.State<A>, StoreError.StoreError, EventStore> =>
  Effect.map(of(aggregate, id, moment), (history) =>
    Aggregate.replay(
      aggregate,
      history.map(({ event }) => event)
    )
  )

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
