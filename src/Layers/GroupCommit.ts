/**
 * The writer of a log: one fiber that puts the commits which wait into one transaction. Whoever comes alone is
 * taken at once; whoever comes while a transaction runs shares the next one, and its one sync of the disk.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { Committed, Outcomes, Refusal } from "../Domain/Append.ts"
import { confirm } from "../Domain/Append.ts"
import type { Commit } from "../Domain/Commit.ts"
import { size } from "../Domain/Commit.ts"
import type { Limits } from "../Domain/Limits.ts"
import * as StoreError from "../Services/StoreError.ts"

/**
 * Writes a group in one transaction. `take` says which commits: called when the write lock is held, so that
 * nobody is bound to a transaction that has not begun, and the group is as large as it can be.
 */
export type Write = (take: () => ReadonlyArray<Commit>) => Effect.Effect<Outcomes, StoreError.StoreError>

/** Appends through the writer; see `EventStore.append`. */
export type Append = (
  commit: Commit,
  queued?: () => void
) => Effect.Effect<Committed, Refusal | StoreError.StoreError>

/** Starts the writer. When the scope closes, whoever still waits is told so. */
export const make = (write: Write, limits: Limits): Effect.Effect<Append, never, Scope.Scope> =>
  Effect.gen(function* () {
    const queue: Queue = { waiting: [], bytes: 0, taken: [], closed: false }
    const bell = yield* Effect.makeLatch()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        queue.closed = true
        answer(queue.waiting.splice(0), Exit.fail(closed))
      })
    )
    const writer = Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        while (true) {
          // At once: a fiber may give way before each effect, and somebody may come in between.
          if (queue.waiting.length === 0) bell.unsafeClose()
          yield* restore(bell.await)
          tell(queue, yield* Effect.exit(restore(write(() => take(queue).map(({ commit }) => commit)))))
          queue.taken = []
        }
      })
    )
    yield* Effect.forkScoped(writer)

    return (commit, queued = () => undefined) =>
      Effect.uninterruptibleMask((restore) => {
        const entry: Entry = { commit, bytes: size(commit), outcome: undefined, tell: undefined }
        if (queue.closed) return closed
        if (!fits(queue, entry, limits)) return overloaded
        queue.waiting.push(entry)
        queue.bytes += entry.bytes
        bell.unsafeOpen()
        queued()
        return Effect.catchAllCause(restore(outcomeOf(entry)), (cause) =>
          Cause.isInterruptedOnly(cause)
            ? Effect.zipRight(leave(queue, entry), Effect.failCause(cause))
            : Effect.failCause(cause)
        )
      })
  })

// internal

type Failure = Refusal | StoreError.StoreError

interface Entry {
  readonly commit: Commit
  readonly bytes: number
  outcome: Exit.Exit<Committed, Failure> | undefined
  /** Whoever waits for the outcome. */
  tell: ((outcome: Exit.Exit<Committed, Failure>) => void) | undefined
}

/** Waits for the outcome; one at a time, which is cheaper than what many can wait for. */
const outcomeOf = (entry: Entry): Effect.Effect<Committed, Failure> =>
  Effect.async((resume) => {
    if (entry.outcome === undefined) entry.tell = resume
    else resume(entry.outcome)
  })

const settle = (entry: Entry, outcome: Exit.Exit<Committed, Failure>): void => {
  entry.outcome = outcome
  entry.tell?.(outcome)
}

interface Queue {
  waiting: Array<Entry>
  bytes: number
  taken: ReadonlyArray<Entry>
  closed: boolean
}

/** So many that a sync of the disk is cheap for each, so few that the event loop turns. */
const largest = { commits: 512, bytes: 8 * 1024 * 1024 }
const everybody = { commits: Infinity, bytes: Infinity }

const fits = ({ bytes, waiting }: Queue, entry: Entry, limits: Limits) =>
  waiting.length === 0 ||
  (waiting.length < limits.waitingCommits && bytes + entry.bytes <= limits.waitingBytes)

const overloaded = StoreError.make("Overloaded", "too many commits wait to be written")
const closed = StoreError.make("Unavailable", "the log was closed before it was written")
const lost = StoreError.make("OutcomeUnknown", "the log was closed while it was written")

/** Takes the oldest that wait; at least one, if one waits. */
const take = (queue: Queue, most = largest): ReadonlyArray<Entry> => {
  let bytes = queue.waiting[0]?.bytes ?? 0
  const end = queue.waiting.findIndex(
    (entry, index) => index > 0 && (index >= most.commits || (bytes += entry.bytes) > most.bytes)
  )
  queue.taken = queue.waiting.splice(0, end === -1 ? queue.waiting.length : end)
  for (const entry of queue.taken) queue.bytes -= entry.bytes
  return queue.taken
}

const tell = (queue: Queue, exit: Exit.Exit<Outcomes, StoreError.StoreError>): void => {
  const { taken } = queue
  if (Exit.isSuccess(exit)) {
    confirm(
      taken.map(({ commit }) => commit),
      exit.value
    )
    for (const [index, entry] of taken.entries()) settle(entry, each(exit.value[index]))
  } else if (Exit.isInterrupted(exit)) answer(taken, Exit.fail(lost))
  // A transaction that could not begin has taken nobody: then it is the answer to those who wait.
  else answer(taken.length > 0 ? taken : take(queue, everybody), Exit.failCause(exit.cause))
}

const each = (outcome: Outcomes[number] | undefined): Exit.Exit<Committed, Failure> =>
  outcome === undefined ? Exit.die("a group has an outcome for each commit") : Exit.fromEither(outcome)

const answer = (entries: ReadonlyArray<Entry>, exit: Exit.Exit<never, Failure>): void => {
  for (const entry of entries) settle(entry, exit)
}

/** Nothing is written of what nobody has taken; what was taken is waited for. */
const leave = (queue: Queue, entry: Entry): Effect.Effect<void> =>
  Effect.suspend(() => {
    const index = queue.waiting.indexOf(entry)
    if (index === -1) return Effect.asVoid(Effect.exit(outcomeOf(entry)))
    queue.waiting.splice(index, 1)
    queue.bytes -= entry.bytes
    return Effect.void
  })
