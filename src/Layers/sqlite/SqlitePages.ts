/** Pages of a log in a SQLite file; each call throws a `StoreError` where the log has a hole. */
import type { Page, Past } from "../../Domain/Event.ts"
import * as Text from "../../Domain/Text.ts"
import type { LogQuery, StreamQuery } from "../../Services/EventStore.ts"
import { afterOf, limitOf, pageBytes } from "../../Services/EventStore.ts"
import * as StoreError from "../../Services/StoreError.ts"
import * as SqliteLog from "./SqliteLog.ts"
import type { Session } from "./SqliteSession.ts"
import { limited, placeholders } from "./SqliteStatements.ts"

/** The next events of a stream, each as `form` takes it from its row. */
export const ofStream = <A extends Past>(
  session: Session,
  query: StreamQuery,
  { columns, fromRow }: SqliteLog.Form<A>
): ReadonlyArray<A> => {
  const { stream, time = latest, version = latest } = query
  const after = afterOf(query)
  const params = [stream, after, version, time, limitOf(query)]
  const events = session.values(`select ${columns} ${within}`, params).map(fromRow)
  const beyond = events.find((event, index) => event.version !== after + index + 1)
  if (beyond === undefined) return events
  throw StoreError.make("PositionGap", `${stream} has a hole before version ${beyond.version}`)
}

/** The next page of the log, and how far it was scanned. */
export const ofLog = (session: Session, query: LogQuery): Page => {
  const { since } = query
  const after = afterOf(query)
  const last = head(session)
  const start = since === undefined ? after : Math.max(after, lastBefore(session, since, last))
  const end = Math.min(last, start + stretch)
  if (end <= start) return { after, to: start, time: timeAt(session, start), events: [] }
  const { events, to } = matching(session, query, start, end)
  withoutGap(session, start, to, events.length)
  const final = events.at(-1)
  return { after, to, time: final?.position === to ? final.recordedAt : timeAt(session, to), events }
}

/** The last position; 0 when the log is empty. */
export const head = (session: Session): number =>
  firstNumber(session.values("select max(position) from events", []))

// internal

const latest = Number.MAX_SAFE_INTEGER

const within = `from events
  where stream = ? and version > ? and version <= ? and recorded_at <= ? order by version ${limited}`

/** How many positions one statement looks at, however few of them match. */
const stretch = 10_000

/** The events of a stretch that are asked for, as many as a page has, and how far they reach. */
const matching = (session: Session, query: LogQuery, start: number, end: number) => {
  const { condition, params } = filter(query)
  const limit = Math.min(limitOf(query), end - start)
  // Together they fit into a page if none is larger than its share of it.
  const share = Math.floor(pageBytes / limit)
  const rows = session.values(
    `select ${SqliteLog.columnsWithin} from events
      where position > ? and position <= ? ${condition} order by position ${limited}`,
    [share, start, end, ...params, limit]
  )
  const events = (rows.some(isLarge) ? fitting(session, rows) : rows).map(SqliteLog.fromRow)
  const isWhole = events.length === rows.length && rows.length < limit
  return { events, to: isWhole ? end : (events.at(-1)?.position ?? end) }
}

const isLarge = (row: Row) => typeof row[SqliteLog.payloadColumn] === "number"

/** As many rows as fit into a page, one at least, with their payloads. */
const fitting = (session: Session, rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  let bytes = 0
  const beyond = rows.findIndex((row) => (bytes += bytesOf(row[SqliteLog.payloadColumn])) > pageBytes)
  return rows
    .slice(0, beyond < 0 ? rows.length : Math.max(1, beyond))
    .map((row) => (isLarge(row) ? (session.values(selectEvent, [row[0]])[0] ?? row) : row))
}

const bytesOf = (payload: unknown) => (typeof payload === "number" ? payload : Text.bytes(String(payload)))

const selectEvent = `select ${SqliteLog.columns} from events where position = ?`

const filter = ({ categories, types }: LogQuery) => {
  const conditions = [
    ...(types === undefined ? [] : [`and type in ${placeholders(types.length)}`]),
    ...(categories === undefined
      ? []
      : [`and substr(stream, 1, instr(stream, '-') - 1) in ${placeholders(categories.length)}`])
  ]
  return { condition: conditions.join(" "), params: [...(types ?? []), ...(categories ?? [])] }
}

const timeAt = (session: Session, position: number): number =>
  firstNumber(session.values("select recorded_at from events where position = ?", [position]))

/** The last position recorded before a time: a search in halves, because times never go back along the log. */
const lastBefore = (session: Session, time: number, last: number): number => {
  let low = 0
  let high = last
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    withoutGap(session, middle - 1, middle)
    if (timeAt(session, middle) < time) low = middle
    else high = middle - 1
  }
  return low
}

/** So many found between two positions as there are positions are all of them. */
const withoutGap = (session: Session, after: number, to: number, found = 0): void => {
  if (found === to - after || firstNumber(session.values(countEvents, [after, to])) === to - after) return
  throw StoreError.make("PositionGap", `the log has a hole between positions ${after + 1} and ${to}`)
}

const countEvents = "select count(*) from events where position > ? and position <= ?"

type Row = ReadonlyArray<unknown>

const firstNumber = (rows: ReadonlyArray<Row>): number => Number(rows[0]?.[0] ?? 0)
