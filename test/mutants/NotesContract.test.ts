/** Logs that break one promise of steps and notes each: the contract suite must notice, by the case that says so. */
import { describe, it } from "@effect/vitest"
import type { Note } from "everfold"
import { Commit, Steps } from "everfold"
import * as Effect from "effect/Effect"
import type { Mutant } from "./brokenNotes.ts"
import {
  appending,
  asking,
  epochOf,
  isThere,
  keeps,
  notices,
  stepOf,
  stepping,
  writing
} from "./brokenNotes.ts"

const refused = "of a commit whose events are refused no note is kept, and none is dropped"
const missing = "a step that drops what is not there is refused, and its commit with it"
const place = "a note takes the place of what was there"

/** A commit in two: its notes, and everything else. */
const halves = (commit: Commit.Commit): readonly [notes: Commit.Commit, others: Commit.Commit] => {
  const { advance, ...others } = commit
  if (advance === undefined) return [stepOf(others), commit]
  const { drop: _, keep: __, ...step } = advance
  return [stepOf({ ...commit, advance: { ...advance, to: advance.from } }), { ...commit, advance: step }]
}

const kept: ReadonlyArray<Mutant> = [
  [
    "writes notes before the rest of their commit, in a transaction of their own",
    refused,
    appending((append) => (commit) => {
      const [notes, others] = halves(commit)
      return Effect.zipRight(append(notes), append(others))
    })
  ],
  [
    "writes notes after the rest of their commit, in a transaction of their own",
    "a reader meanwhile finds the notes of whole steps, and no step ahead of its notes",
    appending((append) => (commit) => {
      const [{ advance }, others] = halves(commit)
      const to = commit.advance?.to ?? 0
      const notes = { ...stepOf(others), ...(advance && { advance: { ...advance, from: to, to } }) }
      return append(others).pipe(Effect.zipLeft(Effect.yieldNow()), Effect.zipLeft(append(notes)))
    })
  ],
  [
    "drops notes in a transaction of their own, before it keeps others",
    "a reader meanwhile finds the notes of whole steps, and no step ahead of its notes",
    appending((append) => (commit) => {
      const { advance } = commit
      if (advance === undefined) return append(commit)
      const drop = stepOf({ ...commit, advance: { ...advance, to: advance.from, keep: [] } })
      return append(drop).pipe(
        Effect.zipRight(Effect.yieldNow()),
        Effect.zipRight(append({ ...commit, advance: { ...advance, drop: [] } }))
      )
    })
  ],
  [
    "keeps no notes with events",
    "notes are kept with the checkpoint and with the events of their commit",
    appending((append) => (commit) => append(commit.parts.length > 0 ? halves(commit)[1] : commit))
  ],
  [
    "keeps notes although its subscriber is elsewhere",
    "of a step from elsewhere no note is kept, and none is dropped",
    appending(
      (append, { log }) =>
        (commit) =>
          Effect.tapErrorTag(append(commit), "CheckpointMoved", () =>
            Effect.gen(function* () {
              const { subscriber = "", keep = [] } = commit.advance ?? {}
              const here = yield* log.checkpoint(subscriber)
              yield* append({ ...stepOf(commit), advance: { subscriber, from: here, to: here, keep } })
            })
          )
    )
  ],
  [
    "keeps the notes of a former owner",
    "of a step of an older epoch no note is kept, and none is dropped",
    appending(
      (append, whole) => (commit) =>
        Effect.tapErrorTag(append(commit), "CheckpointMoved", () => {
          const { epoch = 0, subscriber = "" } = commit.advance ?? {}
          const [{ advance }] = halves(commit)
          return advance !== undefined && epoch < epochOf(whole, subscriber)
            ? append({ ...stepOf(commit), advance: { ...advance, epoch: epochOf(whole, subscriber) } })
            : Effect.void
        })
    )
  ],
  [
    "takes the step of a duplicate",
    "a commit that the log has already takes no step",
    appending(
      (append) => (commit) =>
        Effect.tap(append(commit), ({ duplicate }) =>
          duplicate ? Effect.either(append(stepOf(commit))) : Effect.void
        )
    )
  ],
  [
    "looks for what is dropped before it looks for the commit",
    "a commit that the log has already takes no step",
    appending((append, whole) => (commit, queued) => {
      const { drop = [], from = 0, subscriber = "" } = commit.advance ?? {}
      return drop.every((one) => isThere(whole, subscriber, one))
        ? append(commit, queued)
        : new Commit.CheckpointMoved({ subscriber, expected: from, epoch: 0 })
    })
  ],
  [
    "drops what is there, and does not mind what is not",
    missing,
    stepping((step, whole) => ({
      ...step,
      drop: step.drop.filter((one) => isThere(whole, step.subscriber, one))
    }))
  ],
  [
    "looks for what is dropped among the notes of all",
    missing,
    stepping((step, whole) => ({
      ...step,
      drop: step.drop.filter(
        (one) =>
          isThere(whole, step.subscriber, one) ||
          ![...whole.memory.notes.values()].some(
            ({ key, kind, order }) => key === one.key && kind === one.kind && order === one.order
          )
      )
    }))
  ],
  [
    "looks for the first of the notes that are dropped",
    missing,
    stepping((step, whole) => ({
      ...step,
      drop: step.drop.filter((one, index) => index === 0 || isThere(whole, step.subscriber, one))
    }))
  ],
  ["does not drop", "what is dropped is gone, and nothing else", stepping((step) => ({ ...step, drop: [] }))],
  [
    "drops all notes of a key",
    "what is dropped is gone, and nothing else",
    stepping((step, { memory }) => ({
      ...step,
      drop: [...memory.notes.values()].filter(
        ({ key, kind, subscriber }) =>
          subscriber === step.subscriber && step.drop.some((one) => one.key === key && one.kind === kind)
      )
    }))
  ],
  [
    "remembers what was dropped",
    "what was dropped once is not dropped again",
    (whole) => {
      const ever = new Set<string>()
      return stepping((step) => {
        for (const note of step.keep) ever.add(Steps.noteOf(step.subscriber, note))
        const isGone = (one: Note.Place) =>
          !isThere(whole, step.subscriber, one) && ever.has(Steps.noteOf(step.subscriber, one))
        return { ...step, drop: step.drop.filter((one) => !isGone(one)) }
      })(whole)
    }
  ],
  [
    "keeps before it drops",
    "a step drops before it keeps",
    stepping((step) => ({
      ...step,
      keep: step.keep.filter(
        (note) => !step.drop.some((one) => Steps.noteOf("", one) === Steps.noteOf("", note))
      )
    }))
  ],
  [
    "keeps what was there first",
    place,
    stepping((step, whole) => ({
      ...step,
      keep: step.keep.filter((note) => !isThere(whole, step.subscriber, note))
    }))
  ],
  [
    "keeps the first of two notes of a step",
    place,
    stepping((step) => ({ ...step, keep: step.keep.toReversed() }))
  ],
  [
    "has one note for each key",
    place,
    stepping((step, { memory }) => ({
      ...step,
      drop: [...memory.notes.values()].filter(({ subscriber }) => subscriber === step.subscriber)
    }))
  ],
  [
    "keeps nothing when it comes back to where it was",
    "a step may come back to where it was, and keep notes from there",
    stepping((step) => (step.to > step.from ? step : { ...step, keep: [] }))
  ]
]

describe("the contract of steps and notes", () => {
  it.live("is kept by the log that the others were made from", () => keeps(() => ({})))
  it.live("is kept by one that hands on everything as it is", () =>
    keeps((whole) => ({ ...writing((place) => ({ ...place }))(whole), ...asking((query) => query)(whole) }))
  )
  notices(kept)
})
