/**
 * What every store of leases promises.
 *
 * @example
 * layer(LeasesContract.layer(MyLeases.layer))("my leases", (it) => {
 *   for (const { name, run } of LeasesContract.cases) it.effect(name, () => run)
 * })
 */
import * as Layer from "effect/Layer"
import type { Leases } from "../../Services/Leases.ts"
import type { Case } from "./Contract.ts"
import * as LeaseCases from "./LeaseCases.ts"
import * as LeaseForgetCases from "./LeaseForgetCases.ts"
import * as LeaseRaceCases from "./LeaseRaceCases.ts"
import * as LeaseRequestCases from "./LeaseRequestCases.ts"
import * as StoreClock from "./StoreClock.ts"

/** One case per promise. They may share a store, one after the other. */
export const cases: ReadonlyArray<Case<Leases | StoreClock.StoreClock>> = [
  ...LeaseCases.cases,
  ...LeaseRequestCases.cases,
  ...LeaseForgetCases.cases,
  ...LeaseRaceCases.cases
]

/** Leases as the cases need them: with a clock that they may set. */
export const layer = <E, R>(
  store: Layer.Layer<Leases, E, R>
): Layer.Layer<Leases | StoreClock.StoreClock, E, R> => Layer.provideMerge(store, StoreClock.layer)
