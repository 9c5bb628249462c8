/** The log in a SQLite file: one short transaction for all commits that wait, under the write lock from its start. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Append from "../../Domain/Append.ts"
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
import type { Session } from "./SqliteSession.ts"
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
export const over = ({ look, read, transact }: SqliteDatabase.Database) =>
  Effect.gen(function* () {
    const doorbell = yield* Doorbell
    const limits = yield* Limits.Current
    const append = yield* GroupCommit.make(
      (take) =>
        Effect.onExit(
          transact((session, now) => SqliteAppend.write(session, take(), now)),
          // Also when it is uncertain whether something was written: a ring too many does no harm.
          (exit) => {
            if (!Exit.isSuccess(exit)) return doorbell.ring()
            return exit.value.some(isNews) ? doorbell.ring(Append.news(exit.value)) : Effect.void
          }
        ),
      limits
    )
    return EventStore.of({
      append: (commit, queued) => Effect.zipRight(checked(commit, limits), append(commit, queued)),
      readStream: (query) => Effect.flatten(look((session) => readStream(session, query))),
      readAll: (query) => Effect.flatten(look((session) => readAll(session, query))),
      head: look(head),
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

const selectCheckpoint = "select position from checkpoints where subscriber = ?"

const firstNumber = (rows: ReadonlyArray<ReadonlyArray<unknown>>): number => Number(rows[0]?.[0] ?? 0)

const head = (session: Session): number => firstNumber(session.values("select max(position) from events", []))

type Read<A> = Either.Either<A, StoreError.StoreError>

const readStream = (session: Session, query: StreamQuery): Read<ReadonlyArray<Stored>> => {
  const { after = 0, stream, time = latest, version = latest } = query
  const rows = session.values(selectStream, [stream, after, version, time, limitOf(query)])
  const events = rows.map(SqliteLog.fromRow)
  const beyond = events.find((stored, index) => stored.version !== after + index + 1)
  return beyond === undefined
    ? Either.right(events)
    : Either.left(StoreError.make("PositionGap", `${stream} has a hole before version ${beyond.version}`))
}

const latest = Number.MAX_SAFE_INTEGER

const selectStream = `select ${SqliteLog.columns} from events
  where stream = ? and version > ? and version <= ? and recorded_at <= ? order by version limit ?`

/** How many positions one statement looks at, however few of them match. */
const stretch = 10_000

const readAll = (session: Session, query: LogQuery): Read<Page> =>
  Either.gen(function* () {
    const { after = 0, since } = query
    const last = head(session)
    const start = since === undefined ? after : Math.max(after, yield* lastBefore(session, since, last))
    const end = Math.min(last, start + stretch)
    if (end <= start) return { after, to: start, time: timeAt(session, start), events: [] }
    const { events, to } = matching(session, query, start, end)
    yield* withoutGap(session, start, to, events.length)
    const final = events.at(-1)
    return { after, to, time: final?.position === to ? final.recordedAt : timeAt(session, to), events }
  })

/** The events of a stretch that are asked for, as many as a page has, and how far they reach. */
const matching = (session: Session, query: LogQuery, start: number, end: number) => {
  const { condition, params } = filter(query)
  const within = `from events where position > ? and position <= ? ${condition} order by position limit ?`
  const limit = Math.min(limitOf(query), end - start)
  const size = `select sum(octet_length(payload)) from (select payload ${within})`
  // One event is a page, however large it is.
  const fits = limit === 1 || firstNumber(session.values(size, [start, end, ...params, limit])) <= pageBytes
  const count = fits ? limit : fitting(session, within, [start, end, ...params, limit])
  const rows = session.values(`select ${SqliteLog.columns} ${within}`, [start, end, ...params, count])
  const events = rows.map(SqliteLog.fromRow)
  return { events, to: events.length === count ? (events.at(-1)?.position ?? end) : end }
}

/** How many events fit into a page; one at least. */
const fitting = (session: Session, within: string, params: ReadonlyArray<unknown>): number => {
  const sizes = session.values(`select octet_length(payload) ${within}`, params)
  let bytes = 0
  return Math.max(
    1,
    sizes.findIndex(([size]) => (bytes += Number(size)) > pageBytes)
  )
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

const timeAt = (session: Session, position: number): number =>
  firstNumber(session.values("select recorded_at from events where position = ?", [position]))

/** The last position recorded before a time: a search in halves, because times never go back along the log. */
const lastBefore = (session: Session, time: number, last: number): Read<number> =>
  Either.gen(function* () {
    let low = 0
    let high = last
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      yield* withoutGap(session, middle - 1, middle)
      if (timeAt(session, middle) < time) low = middle
      else high = middle - 1
    }
    return low
  })

/** So many found between two positions as there are positions are all of them. */
const withoutGap = (session: Session, after: number, to: number, found = 0): Read<void> =>
  found === to - after || firstNumber(session.values(countEvents, [after, to])) === to - after
    ? Either.void
    : Either.left(
        StoreError.make("PositionGap", `the log has a hole between positions ${after + 1} and ${to}`)
      )

const countEvents = "select count(*) from events where position > ? and position <= ?"
