/** The log in a SQLite file: one short transaction for all commits that wait, under the write lock from its start. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as News from "../../Domain/News.ts"
import { Doorbell } from "../../Services/Doorbell.ts"
import { EventStore, refusal } from "../../Services/EventStore.ts"
import * as Limits from "../../Services/Limits.ts"
import type * as StoreError from "../../Services/StoreError.ts"
import * as GroupCommit from "../GroupCommit.ts"
import * as SqliteAppend from "./SqliteAppend.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteLog from "./SqliteLog.ts"
import * as SqlitePages from "./SqlitePages.ts"

/** Where the log is, and how sure a return of `append` is; default `FULL`. */
export interface Options {
  readonly filename: string
  readonly durability?: SqliteDatabase.Durability
}

export const make = ({ durability = "FULL", filename }: Options) => {
  const { applicationId, migrations } = SqliteLog
  return Effect.flatMap(SqliteDatabase.open({ filename, applicationId, migrations, durability }), over)
}

/** The log in an open database. */
export const over = ({ look, read, transact }: SqliteDatabase.Database) =>
  Effect.gen(function* () {
    const doorbell = yield* Doorbell
    const limits = yield* Limits.Current
    const append = yield* GroupCommit.make(
      (take) =>
        Effect.matchCauseEffect(
          transact((session, now) => SqliteAppend.write(session, take(), now)),
          {
            onFailure: (cause) => {
              // It may be uncertain whether something was written: a ring too many does no harm.
              doorbell.ring()
              return Effect.failCause(cause)
            },
            onSuccess: (outcomes) => {
              if (News.isIn(outcomes)) doorbell.ring(News.of(outcomes))
              return Effect.succeed(outcomes)
            }
          }
        ),
      limits
    )
    return EventStore.of({
      append: (commit, queued) => refusal(commit, limits) ?? append(commit, queued),
      readStream: (query) => look((session) => SqlitePages.ofStream(session, query, SqliteLog.stored)),
      readPast: (query) =>
        look((session) => SqlitePages.ofStream(session, query, SqliteLog.past(query.stream))),
      readAll: (query) => look((session) => SqlitePages.ofLog(session, query)),
      head: look(SqlitePages.head),
      checkpoint: (subscriber) =>
        Effect.map(read(selectCheckpoint, [subscriber]), (rows) => Number(rows[0]?.[0] ?? 0)),
      identity: Effect.map(read("select id, epoch from log", []), (rows) => ({
        id: String(rows[0]?.[0]),
        epoch: Number(rows[0]?.[1])
      }))
    })
  })

/** A log that outlives the program, and that several processes may write to. */
export const layer = (options: Options): Layer.Layer<EventStore, StoreError.StoreError, Doorbell> =>
  Layer.scoped(EventStore, make(options))

// internal

const selectCheckpoint = "select position from checkpoints where subscriber = ?"
