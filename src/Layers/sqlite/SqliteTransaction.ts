/**
 * Plain calls in a transaction of their own, which begins, works and ends in one step: nobody comes in between, and nobody
 * is interrupted inside. Only the wait for the write lock takes longer than a step.
 */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as StoreError from "../../Services/StoreError.ts"
import { retrying } from "../Retrying.ts"
import { isBusy, outcomeOf, patience } from "../sql/WriteTransaction.ts"
import type * as Turn from "../Turn.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import type { Session } from "./SqliteSession.ts"

/** What a transaction of plain calls needs. */
export interface Options {
  readonly filename: string
  /** The connection that writes. */
  readonly session: Session
  /** Of all who write on that connection. */
  readonly turn: Turn.Turn
  /** Throws when nothing may be written. */
  readonly check: () => void
}

/**
 * Commits when `work` returns, rolls back when it throws. A failed BEGIN or COMMIT is a `StoreError`, and the next
 * transaction works; nothing is written then, except that a COMMIT may fail with `OutcomeUnknown`. The wait for the turn
 * and for the lock can be interrupted.
 */
export type Transact = <A>(
  work: (session: Session, now: number) => A
) => Effect.Effect<A, StoreError.StoreError>

export const make = ({ check, filename, session, turn }: Options): Transact => {
  const run = (statement: string) => void session.values(statement, [])
  const locked = StoreError.make("Busy", `${filename}: database is locked`)

  /** Takes the write lock, unless somebody else has it. */
  const begin = (): boolean => {
    try {
      if (session.inTransaction()) run("ROLLBACK")
      run("BEGIN IMMEDIATE")
      return true
    } catch (cause) {
      if (isBusy(SqliteFailure.fromCause(filename, cause))) return false
      throw cause
    }
  }

  // At once: until then nobody else can write. What comes of it is somebody's to hear, later.
  const rollback = (): Effect.Effect<void> => {
    try {
      // Some errors have rolled back already. Where this fails, the next transaction begins with another attempt.
      if (session.inTransaction()) run("ROLLBACK")
      return Effect.void
    } catch (cause) {
      return Effect.logError(`a transaction could not be rolled back: ${String(cause)}`)
    }
  }

  /** The whole transaction; nothing when somebody else has the lock. */
  const step = <A>(work: (session: Session, now: number) => A, clock: Clock.Clock) => {
    let meaning = (error: StoreError.StoreError) => error
    try {
      if (!begin()) return undefined
      check()
      const result = work(session, clock.unsafeCurrentTimeMillis())
      meaning = outcomeOf
      run("COMMIT")
      return Effect.succeed(result)
    } catch (cause) {
      return Effect.zipRight(rollback(), meaning(SqliteFailure.fromCause(filename, cause)))
    }
  }
  const patiently = retrying({ schedule: patience, while: (error) => error === locked })

  return (work) =>
    Effect.clockWith((clock) => {
      // Where nobody has the turn, nobody can take it during a step.
      const done = turn.isFree() ? step(work, clock) : undefined
      return done ?? turn.take(() => patiently(Effect.suspend(() => step(work, clock) ?? locked)))
    })
}
