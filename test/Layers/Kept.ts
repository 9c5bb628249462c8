/** What tests of snapshots stand on: accounts whose states are kept, and a watched road to them. */
import {
  Aggregate,
  CommandHandler,
  EventStore,
  LogCommandHandler,
  Snapshot,
  Snapshots,
  Snapshotter
} from "everfold"
import type { Engine } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import { Account, deposit, withdraw } from "../Bank.ts"
import { wrapped } from "./Stacks.ts"

export type Store = typeof Snapshots.Snapshots.Service

/** Accounts whose states are kept; nothing is compared unless a test says so. */
export const keeping = (options: Partial<Snapshot.Options> = {}): typeof Account => {
  const { codec, name, state } = Account
  return {
    ...Account,
    snapshot: Snapshot.make(name, state, codec.revisions, { version: 1, sample: 0, ...options })
  }
}

/** Every program that is given `engine` starts with nothing in its cache; all of them are watched. */
export const watched = (change: (store: Store) => Store = (store) => store) =>
  Effect.map(Queue.unbounded<Snapshot.Snapshot>(), (saved) => {
    const counts = { rows: 0, loads: 0, discards: 0 }
    const count = <A, E, R>(effect: Effect.Effect<A, E, R>, add: (value: A) => void) =>
      Effect.tap(effect, (value) => Effect.sync(() => add(value)))
    const log = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      readPast: (query) => count(store.readPast(query), (page) => (counts.rows += page.length))
    }))
    const snapshots = wrapped(Snapshots.Snapshots, (store) => {
      const changed = change(store)
      return {
        load: (stream, key) => count(changed.load(stream, key), () => (counts.loads += 1)),
        save: (all) => Effect.zipRight(changed.save(all), Queue.offerAll(saved, all)),
        discard: (stream) => count(changed.discard(stream), () => (counts.discards += 1))
      }
    })
    const engine: Layer.Layer<CommandHandler.CommandHandler | Snapshotter.Snapshotter, never, Engine.Stack> =
      LogCommandHandler.layer.pipe(Layer.provideMerge(Snapshotter.layer), Layer.provide([log, snapshots]))
    return { counts, saved, engine }
  })

/** So many deposits of 1. */
export const deposits = (account: typeof Account, id: string, times: number) =>
  Effect.forEach(Array.from({ length: times }), () => CommandHandler.handle(account, deposit(id, 1)), {
    discard: true
  })

/** Waits until a state of a version was kept; states that came shortly before it may have been passed over. */
export const kept = (saved: Queue.Dequeue<Snapshot.Snapshot>, version: number) =>
  Effect.repeat(Queue.take(saved), { until: (snapshot) => snapshot.version === version })

/** The balance as a program that has nothing in its cache sees it. */
export const balance = (account: typeof Account, id: string) =>
  CommandHandler.preview(account, withdraw(id, Number.MAX_SAFE_INTEGER)).pipe(
    Effect.flip,
    Effect.flatMap((error) =>
      error._tag === "InsufficientFunds" ? Effect.succeed(error.balance) : Effect.die(error)
    )
  )

/** Keeps what is logged as a warning or an error. */
export const logged = () => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel.ordinal < 30_000) return
    const [text] = Array.isArray(message) ? message : [message]
    lines.push(`${logLevel.label} ${String(text)}`)
  })
  return { lines, layer: Logger.replace(Logger.defaultLogger, logger) }
}

/** The snapshot that is kept of an account. */
export const snapshotOf = (account: typeof Account, id: string) =>
  Effect.flatMap(Snapshots.Snapshots, (store) =>
    store.load(Aggregate.stream(account, id), account.snapshot?.key ?? "")
  )
