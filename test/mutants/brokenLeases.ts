/** What stores of leases that break a promise are made from, and how it is seen that the contract suite notices. */
import { expect, it } from "@effect/vitest"
import { Leases, MemoryLeases } from "everfold"
import { LeasesContract } from "everfold/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { broken } from "./broken.ts"

export type Store = typeof Leases.Leases.Service
export type Mutant = readonly [mutant: string, noticed: string, change: (store: Store) => Store]

/** Changes each lease of every answer; where `all` leases are asked for, the owner that asks is empty. */
export const answering =
  (change: (lease: Leases.Lease, owner: string) => Leases.Lease) =>
  (store: Store): Store => ({
    ...store,
    hold: (owner, ...rest) =>
      Effect.map(store.hold(owner, ...rest), (leases) => leases.map((lease) => change(lease, owner))),
    all: Effect.map(store.all, (leases) => leases.map((lease) => change(lease, "")))
  })

/** Changes how leases are held. */
export const holding =
  (change: (hold: Store["hold"], store: Store) => Store["hold"]) =>
  (store: Store): Store => ({ ...store, hold: change(store.hold, store) })

/** Changes how leases are given back. */
export const releasing =
  (change: (release: Store["release"], store: Store) => Store["release"]) =>
  (store: Store): Store => ({ ...store, release: change(store.release, store) })

/** Changes how owners are asked. */
export const asking =
  (change: (ask: Store["ask"], store: Store) => Store["ask"]) =>
  (store: Store): Store => ({ ...store, ask: change(store.ask, store) })

/** Changes what is forgotten, and how. */
export const forgetting =
  (change: (forget: Store["forget"], store: Store) => Store["forget"]) =>
  (store: Store): Store => ({ ...store, forget: change(store.forget, store) })

/** Gives back, whoever has it, each lease of which this is true. */
export const freeing = (
  { all, release }: Store,
  subscribers: ReadonlyArray<string>,
  which: (lease: Leases.Lease, now: number) => boolean
) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    for (const lease of yield* all) {
      const { owner, subscriber } = lease
      if (owner !== "" && subscribers.includes(subscriber) && which(lease, now)) {
        yield* release(owner, [subscriber])
      }
    }
  })

/** The subscribers that reports are about. */
export const named = (reports: ReadonlyArray<Leases.Report>) => reports.map(({ subscriber }) => subscriber)

/** Each mutant breaks the promise that it names. */
export const notices = (mutants: ReadonlyArray<Mutant>) => {
  for (const [mutant, noticed, change] of mutants) {
    it.live(`notices a store that ${mutant}`, () => {
      const tried = LeasesContract.cases.filter(({ name }) => name === noticed)
      return Effect.map(brokenBy(change, tried), (names) => expect(names).toEqual([noticed]))
    })
  }
}

/** The store that the others are made from. */
export const healthy = Effect.suspend(() =>
  Effect.map(
    brokenBy((store) => store),
    (names) => expect(names).toEqual([])
  )
)

// internal

const brokenBy = (change: (store: Store) => Store, cases = LeasesContract.cases) => {
  const store = Layer.effect(Leases.Leases, Effect.map(MemoryLeases.make, change))
  return broken(cases, LeasesContract.layer(store))
}
