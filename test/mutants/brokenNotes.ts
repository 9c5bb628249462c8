/** What logs that break a promise of steps and notes are made from, and how it is seen that the contract notices. */
import { expect, it } from "@effect/vitest"
import type { Commit, Note } from "everfold"
import { EventStore, Limits, MemoryEventStore, Notes, QueueDoorbell, Steps, UuidIds } from "everfold"
import { NotesContract } from "everfold/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { MemoryLog } from "../../src/Layers/memory/MemoryLog.ts"
import * as MemoryNotes from "../../src/Layers/memory/MemoryNotes.ts"
import * as Memory from "../../src/Layers/memory/MemoryLog.ts"
import { broken } from "./broken.ts"
import type { Log } from "./brokenLogs.ts"

export type Reader = typeof Notes.Notes.Service

/** A log in memory, and what is in it. */
export interface Whole {
  readonly log: Log
  readonly notes: Reader
  readonly memory: MemoryLog
}

export type Mutant = readonly [
  mutant: string,
  noticed: string,
  change: (whole: Whole) => Partial<Pick<Whole, "log" | "notes">>,
  limits?: Parameters<typeof Limits.layer>[0]
]

const { cases } = NotesContract

/** A log that appends in another way. */
export const appending =
  (change: (append: Log["append"], whole: Whole) => Log["append"]) =>
  (whole: Whole): { readonly log: Log } => {
    const changed = change(whole.log.append, whole)
    // What it looks at is there when it appends, not when it is asked for an append.
    const append: Log["append"] = (commit, queued) => Effect.suspend(() => changed(commit, queued))
    return { log: { ...whole.log, append } }
  }

/** A log that takes other steps than those that it was asked to take. */
export const stepping = (change: (step: Required<Commit.Advance>, whole: Whole) => Commit.Advance) =>
  appending((append, whole) => (commit, queued) => append(stepped(commit, whole, change), queued))

const stepped = (
  { advance, ...commit }: Commit.Commit,
  whole: Whole,
  change: (step: Required<Commit.Advance>, whole: Whole) => Commit.Advance
): Commit.Commit =>
  advance === undefined
    ? commit
    : { ...commit, advance: change({ ...unchanged(advance, whole), ...advance }, whole) }

/** What a step leaves as it is. */
const unchanged = ({ subscriber }: Commit.Advance, whole: Whole) => ({
  epoch: epochOf(whole, subscriber),
  keep: [],
  drop: []
})

/** The epoch of a subscriber. */
export const epochOf = ({ memory }: Whole, subscriber: string): number =>
  memory.checkpoints.get(subscriber)?.epoch ?? 0

/** Whether a subscriber has a note there. */
export const isThere = ({ memory }: Whole, subscriber: string, place: Note.Place) =>
  memory.notes.has(Steps.noteOf(subscriber, place))

/** A log that writes other notes, and looks for other ones. */
export const writing = (change: <P extends Note.Place>(place: P) => P) =>
  stepping((step) => ({ ...step, keep: step.keep.map(change), drop: step.drop.map(change) }))

/** A log that answers reads in another way. */
export const finding =
  (change: (find: Reader["find"], query: Notes.Query, whole: Whole) => ReturnType<Reader["find"]>) =>
  (whole: Whole): { readonly notes: Reader } => ({
    notes: { ...whole.notes, find: (query) => change(whole.notes.find, query, whole) }
  })

/** A log that is asked something else than what it was asked. */
export const asking = (change: (query: Notes.Query) => Notes.Query) =>
  finding((find, query) => find(change(query)))

/** A log that counts in another way. */
export const counting =
  (change: (counts: Reader["counts"], whole: Whole) => Reader["counts"]) =>
  (whole: Whole): { readonly notes: Reader } => ({
    notes: { ...whole.notes, counts: change(whole.notes.counts, whole) }
  })

/** A step without what others are to do. */
export const stepOf = ({ advance, metadata }: Commit.Commit): Commit.Commit => ({
  id: "",
  metadata,
  parts: [],
  ...(advance && { advance })
})

const healthyLog = Effect.suspend(() => {
  const memory = Memory.empty()
  return Effect.map(MemoryEventStore.over(memory), (log) => ({
    log,
    notes: MemoryNotes.make(memory),
    memory
  }))
})

const layerOf = (change: Mutant[2], limits: Mutant[3] = {}) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const whole = yield* healthyLog
      const { log, notes } = { ...whole, ...change(whole) }
      return Context.make(EventStore.EventStore, log).pipe(Context.add(Notes.Notes, notes))
    })
  ).pipe(Layer.provide([QueueDoorbell.layer, UuidIds.layer, Limits.layer(limits)]))

/** Tries each log that breaks a promise in the case that is named for it. */
export const notices = (mutants: ReadonlyArray<Mutant>) => {
  for (const [mutant, noticed, change, limits] of mutants) {
    it.live(`notices a log that ${mutant}`, () => {
      const tried = cases.filter(({ name }) => name === noticed)
      return Effect.map(broken(tried, layerOf(change, limits)), (names) => expect(names).toEqual([noticed]))
    })
  }
}

/** Fails if a log that does nothing else breaks a promise. */
export const keeps = (change: Mutant[2]) =>
  Effect.map(broken(cases, layerOf(change)), (names) => expect(names).toEqual([]))
