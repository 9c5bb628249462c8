/** The log in a SQLite file: one short transaction for all commits that wait, under the write lock from its start. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { Page, Stored } from "../../Domain/Event.ts"
import { Doorbell } from "../../Services/Doorbell.ts"
import type { LogQuery, StreamQuery } from "../../Services/EventStore.ts"
import { checked, EventStore, limitOf, pageBytes } from "../../Services/EventStore.ts"
import * as Limits from "../../Services/Limits.ts"
import * as StoreError from "../../Services/StoreError.ts"
import * as GroupCommit from "../GroupCommit.ts"
import * as SqliteAppend from "./SqliteAppend.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteLog from "./SqliteLog.ts"
import { placeholders } from "./SqliteStatements.ts"

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
  Effect.gen(function* () {
    const doorbell = yield* Doorbell
    const limits = yield* Limits.Current
    const append = yield* GroupCommit.make(
      (take) =>
        Effect.onExit(
          write.run((connection) => SqliteAppend.write(connection, take())),
          // Also when it is uncertain whether something was written: a ring too many does no harm.
          (exit) => (Exit.isSuccess(exit) && !exit.value.some(isNews) ? Effect.void : doorbell.ring)
        ),
      limits
    )
    return EventStore.of({
      append: (commit, queued) => Effect.zipRight(checked(commit, limits), append(commit, queued)),
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

const isNews = (outcome: GroupCommit.Outcomes[number]) =>
  Either.isRight(outcome) && !outcome.right.duplicate && outcome.right.events.length > 0

type Read = SqliteDatabase.Database["read"]

const selectCheckpoint = "select position from checkpoints where subscriber = ?"

const firstNumber = (rows: ReadonlyArray<ReadonlyArray<unknown>>): number => Number(rows[0]?.[0] ?? 0)

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
    const within = [start, end, ...params]
    const sizes = yield* read(
      `select octet_length(payload) from events
        where position > ? and position <= ? ${condition} order by position limit ?`,
      [...within, limit]
    )
    const count = fitting(sizes.map(([size]) => Number(size)))
    const rows = yield* read(
      `select ${SqliteLog.columns} from events
        where position > ? and position <= ? ${condition} order by position limit ?`,
      [...within, count]
    )
    const events = rows.map(SqliteLog.fromRow)
    const to = count === limit || count < sizes.length ? (events.at(-1)?.position ?? end) : end
    yield* withoutGap(read, start, to)
    return { after, to, time: yield* timeAt(read, to), events }
  })

/** How many events fit into a page; one at least. */
const fitting = (sizes: ReadonlyArray<number>): number => {
  let bytes = 0
  const beyond = sizes.findIndex((size) => (bytes += size) > pageBytes)
  return beyond === -1 ? sizes.length : Math.max(1, beyond)
}

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
