/** What a store of snapshots promises. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Snapshot } from "../../Domain/Snapshot.ts"
import { Snapshots } from "../../Services/Snapshots.ts"
import * as Contract from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"

type Store = Context.Tag.Service<typeof Snapshots>

const promise = (name: string, run: (store: Store) => Effect.Effect<void, unknown>) =>
  Contract.promise(name, Effect.flatMap(Snapshots, run))

/** A snapshot of a stream that nobody else has. */
const fresh = (change: Partial<Snapshot> = {}): Effect.Effect<Snapshot> =>
  Effect.map(unique, (id) => ({
    stream: `Contract-${id}`,
    key: "key",
    version: 1,
    last: `${id}#0`,
    state: "1",
    ...change
  }))

/** The version that is kept under a key; 0 when there is none. */
const versionOf = (store: Store, { key, stream }: Snapshot, under = key) =>
  Effect.map(store.load(stream, under), Option.match({ onNone: () => 0, onSome: ({ version }) => version }))

/** Saving, loading and forgetting. */
export const cases: ReadonlyArray<Contract.Case<Snapshots>> = [
  promise("what was saved is loaded, field by field", (store) =>
    Effect.gen(function* () {
      const key = JSON.stringify(["Größe", 3, { type: "object" }, [["Größe geändert", 2]]])
      const state = JSON.stringify({
        text: "Zoë 🙂 \u0000 \" '",
        none: null,
        numbers: [0.1, -5, 2 ** 53 - 1]
      })
      const snapshot = yield* fresh({ key, version: 12_345, last: "018f-Ü#499", state })
      yield* store.save([snapshot])
      yield* equal("the snapshot", yield* store.load(snapshot.stream, key), Option.some(snapshot))
    })
  ),

  promise("what was not saved is not there", (store) =>
    Effect.gen(function* () {
      const { key, stream } = yield* fresh()
      yield* equal("no stream", yield* store.load(stream, key), Option.none())
      yield* store.save([])
      yield* store.discard(stream)
      yield* equal("after saving nothing", yield* store.load(stream, key), Option.none())
    })
  ),

  promise("a snapshot is found under its own key only", (store) =>
    Effect.gen(function* () {
      const snapshot = yield* fresh({ key: "one" })
      yield* store.save([snapshot])
      for (const other of ["two", "on", "one ", "ONE", ""]) {
        yield* equal(`under "${other}"`, yield* store.load(snapshot.stream, other), Option.none())
      }
      yield* equal("its own", yield* versionOf(store, snapshot), 1)
    })
  ),

  promise("a stream has one snapshot, and a lower version never takes the place of a higher", (store) =>
    Effect.gen(function* () {
      const snapshot = yield* fresh()
      let highest = 0
      for (const version of [3, 1, 2, 10, 9, 99, 100, 11]) {
        yield* store.save([{ ...snapshot, version, state: String(version) }])
        highest = Math.max(highest, version)
        const found = yield* store.load(snapshot.stream, snapshot.key)
        const expected = { ...snapshot, version: highest, state: String(highest) }
        yield* equal(`after version ${version}`, found, Option.some(expected))
      }
    })
  ),

  promise("the key does not matter to what takes whose place", (store) =>
    Effect.gen(function* () {
      const old = yield* fresh({ key: "old", version: 7 })
      const young = { ...old, key: "new" }
      yield* store.save([old])
      yield* store.save([{ ...young, version: 6 }])
      yield* equal("a lower one is not saved", yield* versionOf(store, young), 0)
      yield* equal("and nothing is lost", yield* versionOf(store, old), 7)
      yield* store.save([young])
      yield* equal("one of the same version is saved", yield* versionOf(store, young), 7)
      yield* equal("in the place of the other", yield* versionOf(store, old), 0)
    })
  ),

  promise("what is discarded is gone, whatever its key; the others stay, and a lower one may come", (store) =>
    Effect.gen(function* () {
      const one = yield* fresh({ version: 100 })
      const other = yield* fresh({ version: 5 })
      yield* store.save([one, other])
      yield* store.discard(one.stream)
      yield* equal("the discarded one", yield* versionOf(store, one), 0)
      yield* equal("the other one", yield* versionOf(store, other), 5)
      yield* store.save([{ ...one, version: 1 }])
      yield* equal("the lower one", yield* versionOf(store, one), 1)
    })
  ),

  promise("many are saved at once; of one stream the highest", (store) =>
    Effect.gen(function* () {
      const all = yield* Effect.forEach(range(1, 300), (version) => fresh({ version }))
      const again = all.slice(0, 2).map((snapshot) => ({ ...snapshot, version: 50 }))
      yield* store.save([...again, ...all])
      const versions = yield* Effect.forEach(all, (snapshot) => versionOf(store, snapshot))
      yield* equal("the versions", versions, [50, 50, ...range(3, 300)])
    })
  ),

  promise("savers at the same time leave the highest", (store) =>
    Effect.gen(function* () {
      const snapshot = yield* fresh()
      yield* Effect.forEach(
        range(1, 40),
        (n) => store.save([{ ...snapshot, version: ((n * 17) % 41) + 1 }]),
        { concurrency: "unbounded" }
      )
      yield* equal("the version", yield* versionOf(store, snapshot), 41)
    })
  ),

  promise("a state may be large", (store) =>
    Effect.gen(function* () {
      const snapshot = yield* fresh({ state: JSON.stringify("ä".repeat(500_000)) })
      yield* store.save([snapshot])
      const found = yield* store.load(snapshot.stream, snapshot.key)
      const same = Option.exists(found, ({ state }) => state === snapshot.state)
      yield* equal("the state is the same", same, true)
    })
  )
]
