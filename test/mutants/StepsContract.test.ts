/** Logs that compare epochs in a wrong way, or look too early: the contract suite must notice. */
import { describe } from "@effect/vitest"
import { Commit } from "everfold"
import * as Effect from "effect/Effect"
import type { Mutant } from "./brokenNotes.ts"
import { appending, epochOf, isThere, notices, stepOf, stepping } from "./brokenNotes.ts"

/** A log that refuses steps by another comparison. */
const fenced = (isOwner: (epoch: number, current: number) => boolean) =>
  appending((append, whole) => (commit, queued) => {
    const { epoch, from = 0, subscriber = "" } = commit.advance ?? {}
    return epoch === undefined || isOwner(epoch, epochOf(whole, subscriber))
      ? append(commit, queued)
      : new Commit.CheckpointMoved({ subscriber, expected: from, epoch: 0 })
  })

/** A log that looks at epochs and notes when a commit is queued, and writes so many turns later without a look. */
const lookingFirst = (turns: (step: Commit.Advance) => number) =>
  appending((append, whole) => (commit, queued = () => undefined) => {
    const { advance } = commit
    if (advance === undefined) return append(commit, queued)
    const { drop = [], epoch = Infinity, from, subscriber } = advance
    const isDue = epoch >= epochOf(whole, subscriber) && drop.every((one) => isThere(whole, subscriber, one))
    const write = Effect.suspend(() =>
      append({
        ...commit,
        advance: {
          ...advance,
          epoch: Math.max(advance.epoch ?? 0, epochOf(whole, subscriber)),
          drop: drop.filter((one) => isThere(whole, subscriber, one))
        }
      })
    )
    return Effect.zipRight(
      Effect.sync(queued),
      isDue
        ? Effect.zipRight(Effect.repeatN(Effect.yieldNow(), turns(advance)), write)
        : new Commit.CheckpointMoved({ subscriber, expected: from, epoch: 0 })
    )
  })

const epochs: ReadonlyArray<Mutant> = [
  [
    "does not compare epochs",
    "a step of an older epoch than the last one is refused, wherever it begins",
    stepping((step, whole) => ({ ...step, epoch: Math.max(step.epoch, epochOf(whole, step.subscriber)) }))
  ],
  [
    "compares epochs for equality",
    "its owner goes on in the same epoch, and the next one in any later",
    fenced((epoch, current) => epoch === current || current === 0)
  ],
  [
    "refuses the owner of the last epoch",
    "its owner goes on in the same epoch, and the next one in any later",
    fenced((epoch, current) => epoch > current || current === 0)
  ],
  [
    "raises the epoch only when the checkpoint moves",
    "a step from where the checkpoint is to the same place raises its epoch",
    stepping((step, whole) =>
      step.from === step.to && step.epoch > epochOf(whole, step.subscriber)
        ? { ...step, epoch: epochOf(whole, step.subscriber) }
        : step
    )
  ],
  [
    "takes no epoch for the first one",
    "a step without an epoch is taken, and the epoch stays as it is",
    appending(
      (append) => (commit, queued) =>
        append(
          commit.advance
            ? { ...commit, advance: { ...commit.advance, epoch: commit.advance.epoch ?? 0 } }
            : commit,
          queued
        )
    )
  ],
  [
    "forgets the epoch by a step without one",
    "a step without an epoch is taken, and the epoch stays as it is",
    appending(
      (append, { memory }) =>
        (commit) =>
          Effect.tap(append(commit), () =>
            Effect.sync(() => {
              const { epoch, subscriber = "" } = commit.advance ?? {}
              const checkpoint = memory.checkpoints.get(subscriber)
              if (epoch === undefined && checkpoint !== undefined) {
                memory.checkpoints.set(subscriber, { ...checkpoint, epoch: 0 })
              }
            })
          )
    )
  ],
  [
    "raises the epoch by a step that is refused",
    "a step that is refused raises nothing",
    appending(
      (append, { memory }) =>
        (commit) =>
          Effect.tapError(append(commit), () =>
            Effect.sync(() => {
              const { epoch = 0, subscriber = "" } = commit.advance ?? {}
              const checkpoint = memory.checkpoints.get(subscriber)
              if (checkpoint !== undefined && epoch > checkpoint.epoch) {
                memory.checkpoints.set(subscriber, { ...checkpoint, epoch })
              }
            })
          )
    )
  ],
  [
    "has one epoch for all subscribers",
    "the epochs of subscribers have nothing to do with each other",
    appending((append, { memory }) => (commit) => {
      const { epoch, from = 0, subscriber = "" } = commit.advance ?? {}
      const highest = Math.max(0, ...[...memory.checkpoints.values()].map((one) => one.epoch))
      return epoch !== undefined && epoch < highest
        ? new Commit.CheckpointMoved({ subscriber, expected: from, epoch: 0 })
        : append(commit)
    })
  ]
]

const races: ReadonlyArray<Mutant> = [
  [
    "compares epochs when a commit is queued",
    "of steps on their way each meets the epoch that those before it have left",
    lookingFirst(() => 20)
  ],
  [
    "compares the epoch of a former owner long before it writes",
    "of two owners who go on at once the former one takes no step after the first of the other",
    lookingFirst(({ epoch }) => (epoch === 1 ? 50 : 0))
  ],
  [
    "looks for notes before it has the lock",
    "of many who drop the same note at once, one wins",
    lookingFirst(() => 20)
  ],
  [
    "looks for notes when a commit is queued",
    "of steps on their way each finds the notes that those before it have left",
    lookingFirst(() => 20)
  ],
  [
    "loses one of two steps",
    "whoever tries again after another was first takes its step, and no note is lost",
    lookingFirst(() => 20)
  ],
  [
    "keeps the notes of those who come together for the first of them",
    "the notes that many subscribers keep at once do not mix",
    appending((append) => {
      let first: string | undefined
      return (commit) =>
        Effect.gen(function* () {
          const subscriber = (first ??= commit.advance?.subscriber)
          yield* Effect.yieldNow()
          first = undefined
          const { advance } = commit
          return yield* append(
            advance ? { ...commit, advance: { ...advance, subscriber: subscriber ?? "" } } : commit
          )
        })
    })
  ],
  [
    "takes the step of a duplicate that is on its way",
    "a commit twice on its way takes its step once",
    appending(
      (append) => (commit) =>
        Effect.tap(append(commit), ({ duplicate }) =>
          duplicate ? Effect.either(append(stepOf(commit))) : Effect.void
        )
    )
  ]
]

describe("the contract of steps and notes", () => {
  notices(epochs)
  notices(races)
})
