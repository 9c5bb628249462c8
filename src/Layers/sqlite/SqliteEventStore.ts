/** The log in a SQLite file: one short transaction per commit, under the write lock from its first statement. */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Commit from "../../Domain/Commit.ts"
import type { Page, Stored } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import { Doorbell } from "../../Services/Doorbell.ts"
import type { LogQuery, StreamQuery } from "../../Services/EventStore.ts"
import { CheckpointMoved, EventStore, limitOf, VersionConflict } from "../../Services/EventStore.ts"
import * as StoreError from "../../Services/StoreError.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteLog from "./SqliteLog.ts"
import { pieces, placeholders } from "./SqliteStatements.ts"

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
export const over = ({ read, write }: SqliteDatabase.Database) =>
  Effect.map(Doorbell, (doorbell) => {
    const append = (commit: Commit.Commit) =>
      Effect.gen(function* () {
        const problem = Commit.problem(commit)
        if (problem !== undefined) return yield* StoreError.make("Invalid", problem)
        const events = yield* (
          write
            .run((connection) => Effect.uninterruptible(writeCommit(connection, commit)))
            // Also when the caller is interrupted at the last moment: a ring too many does no harm.
            .pipe(Effect.ensuring(writesEvents(commit) ? doorbell.ring : Effect.void))
        )
        return { events }
      })

    return EventStore.of({
      append,
      readStream: (query) => readStream(read, query),
      readAll: (query) => readAll(read, query),
      head: head(read),
      checkpoint: (subscriber) => Effect.map(read(selectCheckpoint, [subscriber]), firstNumber),
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

const writesEvents = ({ parts }: Commit.Commit) => parts.some(({ events }) => events.length > 0)

type Read = SqliteDatabase.Database["read"]

const selectCheckpoint = "select position from checkpoints where subscriber = ?"

const firstNumber = (rows: ReadonlyArray<ReadonlyArray<unknown>>): number => Number(rows[0]?.[0] ?? 0)

const writeCommit = (
  connection: Connection,
  { advance, metadata, parts }: Commit.Commit
): Effect.Effect<ReadonlyArray<Stored>, VersionConflict | CheckpointMoved | SqlError> =>
  Effect.gen(function* () {
    if (advance !== undefined) yield* move(connection, advance)
    if (parts.length === 0) return []
    const last = yield* connection.executeValues(
      "select position, recorded_at from events order by position desc limit 1",
      []
    )
    const now = Math.floor(yield* Clock.currentTimeMillis)
    const recordedAt = Math.max(now, Number(last[0]?.[1] ?? 0))
    const metadataText = JSON.stringify(metadata)
    const events: Array<Stored> = []
    let position = firstNumber(last)
    for (const { events: encoded, expected, stream } of parts) {
      let version = yield* checkedVersion(connection, stream, expected)
      for (const one of encoded) {
        version += 1
        position += 1
        events.push({ ...one, stream, version, position, recordedAt, metadata: metadataText })
      }
    }
    yield* insert(connection, events)
    return events
  })

const checkedVersion = (connection: Connection, stream: string, expected: Expected.Expected) =>
  Effect.flatMap(
    connection.executeValues("select max(version) from events where stream = ?", [stream]),
    (rows) => {
      const actual = firstNumber(rows)
      return Expected.holds(expected, actual)
        ? Effect.succeed(actual)
        : Effect.fail(new VersionConflict({ stream, expected: Expected.describe(expected), actual }))
    }
  )

const insert = (connection: Connection, events: ReadonlyArray<Stored>) =>
  Effect.forEach(
    pieces(events),
    (piece) =>
      connection.executeRaw(
        `insert into events (${SqliteLog.columns}, checksum) values ${placeholders(piece.length, 10)}`,
        piece.flatMap(SqliteLog.toRow)
      ),
    { discard: true }
  )

const move = (connection: Connection, { from, subscriber, to }: Commit.Advance) =>
  Effect.gen(function* () {
    const current = firstNumber(yield* connection.executeValues(selectCheckpoint, [subscriber]))
    if (current !== from) return yield* new CheckpointMoved({ subscriber, expected: from })
    yield* connection.executeRaw(
      `insert into checkpoints (subscriber, position) values (?, ?)
        on conflict (subscriber) do update set position = excluded.position`,
      [subscriber, to]
    )
  })

const head = (read: Read) => Effect.map(read("select max(position) from events", []), firstNumber)

const readStream = (
  read: Read,
  query: StreamQuery
): Effect.Effect<ReadonlyArray<Stored>, StoreError.StoreError> =>
  Effect.gen(function* () {
    const { after = 0, stream, time, version } = query
    const rows = yield* read(
      `select ${SqliteLog.columns} from events
        where stream = ? and version > ? and version <= ? and recorded_at <= ? order by version limit ?`,
      [stream, after, version ?? Number.MAX_SAFE_INTEGER, time ?? Number.MAX_SAFE_INTEGER, limitOf(query)]
    )
    const events = rows.map(SqliteLog.fromRow)
    const beyond = events.find((stored, index) => stored.version !== after + index + 1)
    return beyond === undefined
      ? events
      : yield* StoreError.make("PositionGap", `${stream} has a hole before version ${beyond.version}`)
  })

/** How many positions one statement looks at, however few of them match. */
const stretch = 10_000

const readAll = (read: Read, query: LogQuery): Effect.Effect<Page, StoreError.StoreError> =>
  Effect.gen(function* () {
    const { after = 0, since } = query
    const limit = limitOf(query)
    const last = yield* head(read)
    const start = since === undefined ? after : Math.max(after, yield* lastBefore(read, since, last))
    const end = Math.min(last, start + stretch)
    if (end <= start) return { after, to: start, time: yield* timeAt(read, start), events: [] }
    const { condition, params } = filter(query)
    const rows = yield* read(
      `select ${SqliteLog.columns} from events
        where position > ? and position <= ? ${condition} order by position limit ?`,
      [start, end, ...params, limit]
    )
    const events = rows.map(SqliteLog.fromRow)
    const to = events.length === limit ? (events.at(-1)?.position ?? end) : end
    yield* withoutGap(read, start, to)
    return { after, to, time: yield* timeAt(read, to), events }
  })

const filter = ({ categories, types }: LogQuery) => {
  const conditions = [
    ...(types === undefined ? [] : [`and type in ${placeholders(1, types.length)}`]),
    ...(categories === undefined
      ? []
      : [`and substr(stream, 1, instr(stream, '-') - 1) in ${placeholders(1, categories.length)}`])
  ]
  return { condition: conditions.join(" "), params: [...(types ?? []), ...(categories ?? [])] }
}

const timeAt = (read: Read, position: number) =>
  Effect.map(read("select recorded_at from events where position = ?", [position]), firstNumber)

/** The last position recorded before a time: a search in halves, because times never go back along the log. */
const lastBefore = (read: Read, time: number, last: number): Effect.Effect<number, StoreError.StoreError> =>
  Effect.gen(function* () {
    let low = 0
    let high = last
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      yield* withoutGap(read, middle - 1, middle)
      if ((yield* timeAt(read, middle)) < time) low = middle
      else high = middle - 1
    }
    return low
  })

const withoutGap = (read: Read, after: number, to: number) =>
  Effect.flatMap(
    read("select count(*) from events where position > ? and position <= ?", [after, to]),
    (rows) =>
      firstNumber(rows) === to - after
        ? Effect.void
        : Effect.fail(
            StoreError.make("PositionGap", `the log has a hole between positions ${after + 1} and ${to}`)
          )
  )
