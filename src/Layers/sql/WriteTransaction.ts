/**
 * The one way to write to a SQL database: takes the write lock at once, waits for it without blocking anybody,
 * and ends in one of two ways, whatever happens inside.
 *
 * `sql.withTransaction` of @effect/sql 3 is not used for writing: it begins deferred, cannot be interrupted
 * while it waits, turns a failed COMMIT into a defect, and stays inside the failed transaction.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as StoreError from "../../Services/StoreError.ts"
import { backoff } from "../Retrying.ts"
import type * as Turn from "../Turn.ts"

/** What a database needs to write. */
export interface Options {
  /** The only connection that writes, for as long as the scope is open. */
  readonly connection: Connection
  /** Of all who write on it. */
  readonly turn: Turn.Turn
  /** The statement that takes the write lock. */
  readonly begin: string
  /** What the database's own errors mean. */
  readonly storeError: (error: SqlError) => StoreError.StoreError
  /** Whether a transaction has begun on it and has not ended, whoever began it. */
  readonly isInside: () => boolean
}

/** Writes to one database. */
export interface WriteTransaction {
  /**
   * Runs `body` in a transaction of its own; others wait their turn, and the wait can be interrupted. Commits
   * when `body` succeeds, rolls back when it fails, dies or is interrupted. A failed BEGIN or COMMIT is a
   * `StoreError`, and the next transaction works; nothing is written then, except that a COMMIT may fail with
   * `OutcomeUnknown`. The connection given to `body` refuses to work once the transaction has ended. Inside
   * `body` another `run` would wait for this one: never nest them.
   */
  readonly run: <A, E, R>(
    body: (connection: Connection) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Exclude<E, SqlError> | StoreError.StoreError, R>
}

export const make = ({ begin, connection, isInside, storeError, turn }: Options): WriteTransaction => {
  const execute = (statement: string) => Effect.mapError(connection.executeRaw(statement, []), storeError)

  const lock = (restore: Turn.Restore): Effect.Effect<void, StoreError.StoreError> =>
    Effect.catchAll(enter, (error) =>
      isBusy(error)
        ? Effect.flatMap(Schedule.driver(patience), (wait) => waiting(error, wait, restore))
        : Effect.fail(error)
    )
  const waiting = (
    busy: StoreError.StoreError,
    wait: Schedule.ScheduleDriver<unknown>,
    restore: Turn.Restore
  ): Effect.Effect<void, StoreError.StoreError> =>
    Effect.matchEffect(restore(wait.next(undefined)), {
      onFailure: () => Effect.fail(busy),
      onSuccess: () =>
        Effect.catchAll(enter, (error) =>
          isBusy(error) ? waiting(error, wait, restore) : Effect.fail(error)
        )
    })

  // Some errors have rolled back already. Where this fails, the next transaction begins with another attempt.
  const end = Effect.suspend(() => (isInside() ? execute("ROLLBACK") : Effect.void))
  const rollback = Effect.catchAll(end, (error) =>
    Effect.logError(`a transaction could not be rolled back: ${error.message}`)
  )
  const enter = Effect.zipRight(end, execute(begin)).pipe(
    // It may have begun all the same.
    Effect.tapError((error) => (isBusy(error) ? Effect.void : rollback))
  )
  const commit = execute("COMMIT").pipe(
    Effect.tapError(() => rollback),
    Effect.mapError(outcomeOf)
  )

  const typed = <E>(error: E) =>
    // The types cannot express that an error which is no SqlError is one of the others.
    error instanceof SqlError ? storeError(error) : (error as Exclude<E, SqlError>)

  const within = <A, E, R>(body: Effect.Effect<A, E, R>) =>
    turn.take(() =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(lock(restore), () =>
          Effect.matchCauseEffect(restore(body), {
            onFailure: (cause) => Effect.zipRight(rollback, Effect.mapError(Effect.failCause(cause), typed)),
            onSuccess: (result) => Effect.as(commit, result)
          })
        )
      )
    )

  return {
    run: (body) =>
      Effect.suspend(() => {
        const guard = guarded(connection)
        return within(
          Effect.ensuring(
            Effect.suspend(() => body(guard.connection)),
            guard.close
          )
        )
      })
  }
}

/** Whether somebody else has the lock. */
export const isBusy = (error: unknown): boolean =>
  error instanceof StoreError.StoreError && error.reason === "Busy"

/** About five seconds in all, in short waits, so that nobody starves. */
export const patience = Schedule.intersect(backoff("1 millis", "20 millis"), Schedule.recurs(250))

/** What a failed COMMIT means: whether it has happened is certain only where the database has refused it. */
export const outcomeOf = (error: StoreError.StoreError): StoreError.StoreError =>
  ["Busy", "Full", "Invalid", "ReadOnly"].includes(error.reason)
    ? error
    : StoreError.make("OutcomeUnknown", error.message, error)

// internal

/** A connection that fails after `close`, for whoever has kept it. */
const guarded = (connection: Connection) => {
  let open = true
  const whileOpen = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
    Effect.suspend(() =>
      open ? effect : Effect.fail(new SqlError({ message: "the transaction has ended", cause: undefined }))
    )
  const guard: Connection = {
    ...connection,
    execute: (...args) => whileOpen(connection.execute(...args)),
    executeRaw: (...args) => whileOpen(connection.executeRaw(...args)),
    executeValues: (...args) => whileOpen(connection.executeValues(...args)),
    executeUnprepared: (...args) => whileOpen(connection.executeUnprepared(...args))
  }
  return {
    connection: guard,
    close: Effect.sync(() => {
      open = false
    })
  }
}
