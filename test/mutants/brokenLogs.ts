/** What logs that break a promise are made from, and how it is seen that the contract suite notices. */
import { expect, it } from "@effect/vitest"
import type { Append, Commit } from "everfold"
import { EventStore, Expected, Limits, MemoryEventStore, QueueDoorbell, UuidIds } from "everfold"
import { EventStoreContract } from "everfold/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { broken } from "./broken.ts"

export type Log = typeof EventStore.EventStore.Service
export type Mutant = readonly [
  mutant: string,
  noticed: string,
  change: (log: Log) => Log | Effect.Effect<Log, never, Scope.Scope>
]

const memoryLog = MemoryEventStore.layer.pipe(Layer.provide([QueueDoorbell.layer, UuidIds.layer]))

const { cases } = EventStoreContract
const brokenBy = (store: Layer.Layer<EventStore.EventStore>, tried = cases) =>
  broken(tried, EventStoreContract.layer(store))

/** A log that appends in another way. */
export const appending =
  (change: (append: Log["append"], log: Log) => Log["append"]) =>
  (log: Log): Log => ({ ...log, append: change(log.append, log) })

/** A log that is given other commits than those that it was asked to write. */
export const rewriting = (change: (commit: Commit.Commit) => Commit.Commit) =>
  appending((append) => (commit, queued) => append(change(commit), queued))

/** A log that has its own ideas of what is expected. */
export const expecting = (change: (expected: Expected.Expected) => Expected.Expected) =>
  rewriting((commit) => ({
    ...commit,
    parts: commit.parts.map((part) => ({ ...part, expected: change(part.expected) }))
  }))

/** A log that answers something else. */
export const answering = (change: (committed: Append.Committed) => Append.Committed) =>
  appending((append) => (commit, queued) => Effect.map(append(commit, queued), change))

export const withoutAdvance = ({ advance: _, ...commit }: Commit.Commit): Commit.Commit => commit

/** The checkpoint of a commit, in a commit of its own. */
export const advanceOf = ({ advance, metadata }: Commit.Commit): Commit.Commit => ({
  id: "",
  metadata,
  parts: [],
  ...(advance && { advance })
})

/** A log with other limits than it should have. */
export const limited = (limits: Parameters<typeof Limits.layer>[0]) =>
  Effect.map(Layer.build(Layer.provide(memoryLog, Limits.layer(limits))), Context.get(EventStore.EventStore))

/** Tries each log that breaks a promise in the case that is named for it. */
export const notices = (mutants: ReadonlyArray<Mutant>) => {
  for (const [mutant, noticed, change] of mutants) {
    it.live(`notices a log that ${mutant}`, () => {
      const changed = Effect.map(EventStore.EventStore, change)
      const store = Layer.scoped(
        EventStore.EventStore,
        Effect.flatMap(changed, (log) => (Effect.isEffect(log) ? log : Effect.succeed(log)))
      )
      const tried = cases.filter(({ name }) => name === noticed)
      return Effect.map(brokenBy(Layer.provide(store, memoryLog), tried), (names) =>
        expect(names).toEqual([noticed])
      )
    })
  }
}

/** The log that the others are made from. */
export const healthy = Effect.map(brokenBy(memoryLog), (names) => expect(names).toEqual([]))
