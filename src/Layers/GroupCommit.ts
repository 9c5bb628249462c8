/**
 * The writer of a log: one fiber that puts the commits which wait into one transaction. Whoever comes alone is
 * taken at once; whoever comes while a transaction runs shares the next one, and its one sync of the disk.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { Committed, Refusal } from "../Domain/Append.ts"
import { confirm } from "../Domain/Append.ts"
import type { Commit } from "../Domain/Commit.ts"
import { size } from "../Domain/Commit.ts"
import type { Limits } from "../Domain/Limits.ts"
import * as StoreError from "../Services/StoreError.ts"

/** Each commit's own outcome, in their order. */
export type Outcomes = ReadonlyArray<Either.Either<Committed, Refusal>>

/**
 * Writes a group in one transaction. `take` says which commits: called when the write lock is held, so that
 * nobody is bound to a transaction that has not begun, and the group is as large as it can be.
 */
export type Write = (take: () => ReadonlyArray<Commit>) => Effect.Effect<Outcomes, StoreError.StoreError>

/** Appends through the writer; see `EventStore.append`. */
export type Append = (
  commit: Commit,
  queued?: Effect.Effect<void>
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
    yield* Effect.forkScoped(Effect.forever(Effect.zipRight(bell.await, writeGroup(queue, bell, write))))

    const enter = (entry: Entry) => {
      queue.waiting.push(entry)
      queue.bytes += entry.bytes
      return bell.open
    }
    return (commit, queued = Effect.void) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.withFiberRuntime((fiber) => {
          const outcome = Deferred.unsafeMake<Committed, Failure>(fiber.id())
          const entry = { commit, bytes: size(commit), outcome }
          if (queue.closed) return closed
          if (!fits(queue, entry, limits)) return overloaded
          const written = Effect.onInterrupt(restore(Deferred.await(outcome)), () => leave(queue, entry))
          return Effect.zipRight(Effect.zipRight(enter(entry), queued), written)
        })
      )
  })

// internal

type Failure = Refusal | StoreError.StoreError

interface Entry {
  readonly commit: Commit
  readonly bytes: number
  readonly outcome: Deferred.Deferred<Committed, Failure>
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

const writeGroup = (queue: Queue, bell: Effect.Latch, write: Write) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.exit(restore(write(() => take(queue).map(({ commit }) => commit)))), (exit) => {
      tell(queue, exit)
      queue.taken = []
      // At once: a fiber may give way before each effect, and somebody may come in between.
      if (queue.waiting.length === 0) bell.unsafeClose()
      return Effect.void
    })
  )

const tell = (queue: Queue, exit: Exit.Exit<Outcomes, StoreError.StoreError>): void => {
  const { taken } = queue
  if (Exit.isSuccess(exit)) {
    confirm(
      taken.map(({ commit }) => commit),
      exit.value
    )
    for (const [index, { outcome }] of taken.entries()) {
      Deferred.unsafeDone(outcome, each(exit.value[index]))
    }
  } else if (Exit.isInterrupted(exit)) answer(taken, Exit.fail(lost))
  // A transaction that could not begin has taken nobody: then it is the answer to those who wait.
  else answer(taken.length > 0 ? taken : take(queue, everybody), Exit.failCause(exit.cause))
}

const each = (outcome: Outcomes[number] | undefined): Exit.Exit<Committed, Failure> =>
  outcome === undefined ? Exit.die("a group has an outcome for each commit") : Exit.fromEither(outcome)

const answer = (entries: ReadonlyArray<Entry>, exit: Exit.Exit<never, Failure>): void => {
  for (const { outcome } of entries) Deferred.unsafeDone(outcome, exit)
}

/** Nothing is written of what nobody has taken; what was taken is waited for. */
const leave = (queue: Queue, entry: Entry): Effect.Effect<void> =>
  Effect.suspend(() => {
    const index = queue.waiting.indexOf(entry)
    if (index === -1) return Effect.asVoid(Effect.exit(Deferred.await(entry.outcome)))
    queue.waiting.splice(index, 1)
    queue.bytes -= entry.bytes
    return Effect.void
  })
