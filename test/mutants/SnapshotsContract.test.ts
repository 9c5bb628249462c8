/** Stores of snapshots that break one promise each: the contract suite must notice, by the case that says so. */
import { describe, expect, it } from "@effect/vitest"
import { MemorySnapshots, Snapshots } from "everfold"
import { SnapshotsContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { broken } from "./broken.ts"

type Store = typeof Snapshots.Snapshots.Service

const stores: ReadonlyArray<readonly [mutant: string, noticed: string, change: (store: Store) => Store]> = [
  [
    "forgets the last event",
    "what was saved is loaded, field by field",
    (store) => ({
      ...store,
      load: (stream, key) =>
        Effect.map(
          store.load(stream, key),
          Option.map((snapshot) => ({ ...snapshot, last: "" }))
        )
    })
  ],
  [
    "does not look at the key",
    "a snapshot is found under its own key only",
    (store) => ({
      save: (snapshots) => store.save(snapshots.map((snapshot) => ({ ...snapshot, key: "" }))),
      load: (stream) => store.load(stream, ""),
      discard: store.discard
    })
  ],
  [
    "keeps the latest",
    "a stream has one snapshot, and a lower version never takes the place of a higher",
    (store) => ({
      ...store,
      save: (snapshots) =>
        Effect.zipRight(
          Effect.forEach(snapshots, ({ stream }) => store.discard(stream)),
          store.save(snapshots)
        )
    })
  ],
  [
    "keeps one snapshot for each key",
    "the key does not matter to what takes whose place",
    (store) => ({
      save: (snapshots) =>
        store.save(snapshots.map((one) => ({ ...one, stream: JSON.stringify([one.stream, one.key]) }))),
      load: (stream, key) =>
        Effect.map(
          store.load(JSON.stringify([stream, key]), key),
          Option.map((snapshot) => ({ ...snapshot, stream }))
        ),
      discard: store.discard
    })
  ],
  [
    "discards nothing",
    "what is discarded is gone, whatever its key; the others stay, and a lower one may come",
    (store) => ({ ...store, discard: () => Effect.void })
  ],
  [
    "saves the first of many",
    "many are saved at once; of one stream the highest",
    (store) => ({ ...store, save: (snapshots) => store.save(snapshots.slice(0, 1)) })
  ],
  [
    "cuts what is large",
    "a state may be large",
    (store) => ({
      ...store,
      save: (snapshots) => store.save(snapshots.map((one) => ({ ...one, state: one.state.slice(0, 65_536) })))
    })
  ]
]

describe("the contract of snapshots notices a store that", () => {
  it.live.each(stores)("%s", ([, noticed, change]) =>
    Effect.gen(function* () {
      const store = Layer.effect(Snapshots.Snapshots, Effect.map(MemorySnapshots.make, change))
      expect(yield* broken(SnapshotsContract.cases, store)).toContain(noticed)
    })
  )

  it.live("but nothing in one that keeps its promises", () =>
    Effect.gen(function* () {
      expect(yield* broken(SnapshotsContract.cases, MemorySnapshots.layer)).toEqual([])
    })
  )
})
