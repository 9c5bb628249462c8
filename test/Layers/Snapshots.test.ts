import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  EventStore,
  MemoryStack,
  Reaction,
  Reactor,
  Snapshot,
  Snapshots,
  StoreError,
  Subscriptions
} from "everfold"
import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { join } from "node:path"
import { Account, deposit, Deposit, Letter, Send, Sent, withdraw } from "../Bank.ts"
import { balance, deposits, keeping, kept, logged, snapshotOf, watched } from "./Kept.ts"
import { folder, sqliteIn, stacks, wrapped } from "./Stacks.ts"

/** Keeps a state of alice's account that is not hers, as an earlier program with other folds would have. */
const mislead = (account: typeof Account, change: Partial<Snapshot.Snapshot>) =>
  Effect.gen(function* () {
    const store = yield* Snapshots.Snapshots
    const snapshot = Option.getOrThrow(yield* snapshotOf(account, "alice"))
    yield* store.discard(snapshot.stream)
    yield* store.save([{ ...snapshot, ...change }])
  })

describe.each(stacks)("snapshots on $name", ({ layer }) => {
  it.effect("a stream is read from its snapshot on: the last event of it, and what came after", () =>
    Effect.gen(function* () {
      const account = keeping()
      const { counts, engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        yield* deposits(account, "alice", 230)
        yield* kept(saved, 200)
      }).pipe(Effect.provide(engine))
      expect(counts.rows).toBe(0)

      yield* Effect.gen(function* () {
        expect(yield* balance(account, "alice")).toBe(230)
        expect(counts.rows).toBe(31)
        yield* CommandHandler.handle(account, withdraw("alice", 230))
        expect(counts.rows).toBe(62)
        yield* CommandHandler.handle(account, deposit("alice", 1))
        expect(counts.rows).toBe(62)
      }).pipe(Effect.provide(engine))
    }).pipe(Effect.provide(layer))
  )

  it.effect(
    "a state is kept whenever its stream has grown by so many events, and only when it is committed",
    () =>
      Effect.gen(function* () {
        const account = keeping({ every: 3 })
        const { engine, saved } = yield* watched()
        const versions: Array<number> = []
        yield* Effect.gen(function* () {
          for (const version of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
            yield* CommandHandler.handle(account, deposit("alice", version))
            if (version % 3 > 0) continue
            const snapshot = yield* Queue.take(saved)
            versions.push(snapshot.version)
            const { stream } = snapshot
            const store = yield* EventStore.EventStore
            const [event] = yield* store.readStream({ stream, after: snapshot.version - 1 })
            expect(snapshot.last).toBe(event?.id)
            expect(snapshot.state).toBe(`{"balance":${(version * (version + 1)) / 2}}`)
          }
          expect(versions).toEqual([3, 6, 9])
          expect(yield* Queue.size(saved)).toBe(0)
        }).pipe(Effect.provide(engine))
      }).pipe(Effect.provide(layer))
  )

  it.effect("an aggregate without the option pays nothing", () =>
    Effect.gen(function* () {
      const { counts, engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        yield* deposits(Account, "alice", 150)
        expect(yield* balance(Account, "alice")).toBe(150)
      }).pipe(Effect.provide(engine))
      expect({ ...counts, saved: yield* Queue.size(saved) }).toEqual({
        rows: 150,
        loads: 0,
        discards: 0,
        saved: 0
      })
    }).pipe(Effect.provide(layer))
  )

  it.effect("a snapshot of other folds, of another state or of other events is not seen", () =>
    Effect.gen(function* () {
      const account = keeping({ every: 2 })
      const { counts, engine, saved } = yield* watched()
      yield* Effect.zipRight(deposits(account, "alice", 4), kept(saved, 4)).pipe(Effect.provide(engine))
      const { codec, state } = Account
      const others = [
        Snapshot.make("Account", state, codec.revisions, { version: 2 }),
        Snapshot.make("Account", state, new Map([...codec.revisions, ["Deposited", 2]]), { version: 1 }),
        Snapshot.make("Account", state, new Map([["Deposited", 1]]), { version: 1 }),
        Snapshot.make<{ readonly balance: number }>(
          "Account",
          Schema.Struct({ balance: Schema.NumberFromString }),
          codec.revisions,
          { version: 1 }
        ),
        Snapshot.make("Accounts", state, codec.revisions, { version: 1 })
      ]
      expect(new Set(others.map(({ key }) => key)).size).toBe(5)
      for (const snapshot of others) {
        counts.rows = 0
        yield* Effect.gen(function* () {
          expect(yield* balance({ ...account, snapshot }, "alice")).toBe(4)
          expect(counts.rows).toBe(4)
          expect(yield* balance(account, "alice")).toBe(4)
          expect(counts.rows).toBe(5)
        }).pipe(Effect.provide(engine))
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("a long stream without a snapshot that fits has one after it was read once", () =>
    Effect.gen(function* () {
      const account = keeping()
      const { counts, engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        yield* deposits(Account, "alice", 120)
        expect(yield* balance(account, "alice")).toBe(120)
        expect((yield* Queue.take(saved)).version).toBe(120)
        counts.rows = 0
        expect(yield* balance(account, "alice")).toBe(120)
        expect(counts.rows).toBe(1)
      }).pipe(Effect.provide(engine))
    }).pipe(Effect.provide(layer))
  )

  it.effect.each<{ what: string; change: Partial<Snapshot.Snapshot>; warning: string }>([
    { what: "ahead of its stream", change: { version: 9 }, warning: "is not of this history" },
    {
      what: "of a stream that went on otherwise",
      change: { last: "another#0" },
      warning: "is not of this history"
    },
    { what: "that does not decode", change: { state: `{"balance":"4"}` }, warning: "does not decode" },
    { what: "that is no JSON", change: { state: "{" }, warning: "does not decode" }
  ])("a snapshot $what is discarded, and the whole stream is read", ({ change, warning }) => {
    const { layer: logger, lines } = logged()
    return Effect.gen(function* () {
      const account = keeping({ every: 4 })
      const { counts, engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        yield* deposits(account, "alice", 5)
        yield* Queue.take(saved)
        yield* mislead(account, { state: `{"balance":1000}`, ...change })
        expect(yield* balance(account, "alice")).toBe(5)
        expect(lines).toEqual([expect.stringContaining(`WARN the snapshot of Account-alice ${warning}`)])
        expect((yield* Queue.take(saved)).state).toBe(`{"balance":5}`)
        counts.rows = 0
        expect(yield* balance(account, "alice")).toBe(5)
        expect(counts).toMatchObject({ rows: 1, discards: 1 })
        expect(lines).toHaveLength(1)
      }).pipe(Effect.provide(engine))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("folds that changed under the same version are found, and the full state is used", () => {
    const { layer: logger, lines } = logged()
    return Effect.gen(function* () {
      const account = keeping({ every: 4, version: 7, sample: 1 })
      const { counts, engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        yield* deposits(account, "alice", 4)
        yield* Queue.take(saved)
        yield* deposits(account, "alice", 2)
        expect(yield* balance(account, "alice")).toBe(6)
        expect(lines).toEqual([])
        yield* mislead(account, { state: `{"balance":4000}` })
        expect(yield* balance(account, "alice")).toBe(6)
        expect(lines).toEqual([
          "ERROR Account: the state of Account-alice at version 6 is another one without its snapshot, which is discarded. The folds were changed: raise its snapshot version, which is 7"
        ])
        expect((yield* Queue.take(saved)).state).toBe(`{"balance":6}`)
        // Without the sample nobody would see it.
        yield* mislead(account, { state: `{"balance":6000}` })
        expect(yield* balance(keeping({ every: 4, version: 7 }), "alice")).toBe(6_000)
        expect(lines).toHaveLength(1)
        expect(counts.discards).toBe(1)
      }).pipe(Effect.provide(engine))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("what is done by reactions only is kept as well", () =>
    Effect.gen(function* () {
      const account = keeping({ every: 10 })
      const Mirror = Reaction.make("mirror", { events: [Sent], commands: [Deposit] }).on({
        Sent: () => [deposit("mirror", 1)]
      })
      const { counts, engine } = yield* watched()
      yield* Effect.gen(function* () {
        for (let n = 1; n <= 45; n++) {
          yield* CommandHandler.handle(Letter, Send.make({ letterId: `${n}` }))
          yield* Subscriptions.settled
        }
        expect(yield* balance(account, "mirror")).toBe(45)
        // 1 + 9 at most for each of them, instead of 990 for all.
        expect(counts.rows).toBeLessThan(45 * 10)
      }).pipe(Effect.provide(Layer.provideMerge(Reactor.layer(Mirror, [account]), engine)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("events that were foreseen and did not come are in no snapshot", () =>
    Effect.gen(function* () {
      const account = keeping({ every: 2 })
      const begun = yield* Queue.unbounded<void>()
      const gate = yield* Effect.makeLatch()
      let full = true
      const log = wrapped(EventStore.EventStore, (store) => ({
        ...store,
        append: (commit, queued = () => undefined) =>
          full
            ? Effect.sync(queued).pipe(
                Effect.zipRight(Queue.offer(begun, undefined)),
                Effect.zipRight(gate.await),
                Effect.zipRight(StoreError.make("Full", "no space is left"))
              )
            : store.append(commit, queued)
      }))
      const { engine, saved } = yield* watched()
      yield* Effect.gen(function* () {
        const four = yield* Effect.fork(
          Effect.forEach(
            [1, 2, 3, 4],
            (n) => Effect.flip(CommandHandler.handle(account, deposit("alice", n))),
            {
              concurrency: "unbounded"
            }
          )
        )
        yield* Queue.takeN(begun, 4)
        yield* gate.open
        expect((yield* four).map(({ message }) => message)).toEqual(Array(4).fill("Full: no space is left"))
        full = false
        yield* deposits(account, "alice", 3)
        expect(yield* Queue.take(saved)).toMatchObject({ version: 2, state: `{"balance":2}` })
        expect(yield* Queue.size(saved)).toBe(0)
      }).pipe(Effect.provide(engine), Effect.provide(log))
    }).pipe(Effect.provide(layer))
  )
})

it.effect("so many loads read everything as the option says", () =>
  Effect.gen(function* () {
    const { counts, engine, saved } = yield* watched()
    yield* Effect.gen(function* () {
      yield* Effect.zipRight(deposits(keeping(), "alice", 100), kept(saved, 100))
      for (const [sample, expected] of [
        [{ sample: 0.01 }, 10],
        [{ sample: 0.2 }, 200],
        [{ sample: 0 }, 0],
        [{ sample: 1 }, 1_000]
      ] as const) {
        const account = keeping(sample)
        counts.rows = 0
        yield* Effect.repeatN(balance(account, "alice"), 999)
        const full = (counts.rows - 1_000) / 100
        expect(full).toBeGreaterThanOrEqual(expected * 0.5)
        expect(full).toBeLessThanOrEqual(expected * 1.5)
      }
    }).pipe(Effect.provide(engine))
  }).pipe(Effect.provide(MemoryStack.layer), Effect.withRandom(Random.make("the same every time")))
)

it.scoped("snapshots that are damaged in their file, or are gone with their table, are not used", () =>
  Effect.gen(function* () {
    const account = keeping({ every: 4 })
    const directory = yield* folder
    const { engine, saved } = yield* watched()
    yield* Effect.gen(function* () {
      yield* Effect.zipRight(deposits(account, "alice", 5), kept(saved, 4))
      const change = (statement: string) =>
        Effect.sync(() => {
          const raw = new Database(join(directory, "log.db"))
          raw.exec(statement)
          raw.close()
        })
      for (const damage of [
        `version = 5, last = (select id from events where version = 5)`,
        `state = '{"balance":9}'`,
        `checksum = 'x'`
      ]) {
        yield* change(`update snapshots set ${damage}`)
        expect(yield* balance(account, "alice")).toBe(5)
        yield* kept(saved, 5)
      }
      yield* change("drop table snapshots")
      yield* deposits(account, "alice", 5)
      expect(yield* balance(account, "alice")).toBe(10)
    }).pipe(Effect.provide(engine), Effect.provide(sqliteIn(directory)))
  })
)
