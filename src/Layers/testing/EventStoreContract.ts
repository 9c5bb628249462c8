/**
 * What every log promises.
 *
 * @example
 * layer(EventStoreContract.layer(MyEventStore.layer))("my log", (it) => {
 *   for (const { name, run } of EventStoreContract.cases) it.effect(name, () => run)
 * })
 */
import * as Layer from "effect/Layer"
import type { EventStore } from "../../Services/EventStore.ts"
import * as AppendCases from "./AppendCases.ts"
import * as ChainCases from "./ChainCases.ts"
import * as CommitIdCases from "./CommitIdCases.ts"
import type { Case } from "./Contract.ts"
import * as GroupCases from "./GroupCases.ts"
import * as IdempotencyCases from "./IdempotencyCases.ts"
import * as InterruptionCases from "./InterruptionCases.ts"
import * as LimitCases from "./LimitCases.ts"
import * as LogReadCases from "./LogReadCases.ts"
import * as RaceCases from "./RaceCases.ts"
import * as RefusalCases from "./RefusalCases.ts"
import * as StoreClock from "./StoreClock.ts"
import * as StreamReadCases from "./StreamReadCases.ts"

/** One case per promise. They may share a store, one after the other. */
export const cases: ReadonlyArray<Case<EventStore | StoreClock.StoreClock>> = [
  ...AppendCases.cases,
  ...RefusalCases.cases,
  ...LimitCases.cases,
  ...IdempotencyCases.cases,
  ...CommitIdCases.cases,
  ...ChainCases.cases,
  ...StreamReadCases.cases,
  ...LogReadCases.cases,
  ...RaceCases.cases,
  ...GroupCases.cases,
  ...InterruptionCases.cases
]

/** A log as the cases need it: with a clock that they may set. */
export const layer = <E, R>(
  store: Layer.Layer<EventStore, E, R>
): Layer.Layer<EventStore | StoreClock.StoreClock, E, R> => Layer.provideMerge(store, StoreClock.layer)
