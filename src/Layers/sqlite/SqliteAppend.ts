/** Writes commits in a transaction that has begun: looks up what they name, lets them be settled, inserts. */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Append from "../../Domain/Append.ts"
import type { Advance, Commit } from "../../Domain/Commit.ts"
import { eventId } from "../../Domain/Commit.ts"
import type { Place } from "../../Domain/Note.ts"
import * as Steps from "../../Domain/Steps.ts"
import type { Outcomes } from "../GroupCommit.ts"
import * as SqliteLog from "./SqliteLog.ts"
import { pieces, placeholders } from "./SqliteStatements.ts"

/** Writes what can be written of a group; each commit gets its own outcome. */
export const write = (
  connection: Connection,
  commits: ReadonlyArray<Commit>
): Effect.Effect<Outcomes, SqlError> =>
  Effect.gen(function* () {
    const asked = commits.map(withDigest)
    const facts = yield* factsFor(connection, asked)
    const settled = Append.settle(facts, asked, yield* Clock.currentTimeMillis)
    yield* insert(connection, settled)
    yield* Effect.forEach(settled.steps, (step) => take(connection, step), { discard: true })
    return settled.outcomes
  })

// internal

/** A request is stored as its digest. */
const withDigest = ({ request, ...commit }: Commit): Commit =>
  request === undefined ? commit : { ...commit, request: SqliteLog.digest(request) }

type Row = ReadonlyArray<unknown>

const factsFor = (
  connection: Connection,
  commits: ReadonlyArray<Commit>
): Effect.Effect<Append.Facts, SqlError> =>
  Effect.gen(function* () {
    const [last] = yield* connection.executeValues(selectLast, [])
    const streams = commits.flatMap(({ parts }) => parts.map(({ stream }) => stream))
    const advances = commits.flatMap(({ advance }) => (advance === undefined ? [] : [advance]))
    const subscribers = advances.map(({ subscriber }) => subscriber)
    const ends = yield* select(connection, selectEnds, streams)
    const checkpoints = yield* select(connection, selectCheckpoints, subscribers)
    return {
      position: Number(last?.[0] ?? 0),
      time: Number(last?.[1] ?? 0),
      commits: yield* known(connection, commits),
      streams: new Map(ends.map((row) => [String(row[0]), streamEnd(row)])),
      checkpoints: new Map(checkpoints.map((row) => [String(row[0]), checkpoint(row)])),
      notes: yield* present(connection, advances)
    }
  })

const selectLast = "select position, recorded_at from events order by position desc limit 1"

const selectEnds = (count: number) =>
  `with wanted (stream) as (values ${placeholders(count, 1)})
    select wanted.stream, version, id, position from wanted cross join events
      on events.stream = wanted.stream
      and version = (select max(version) from events where stream = wanted.stream)`

const streamEnd = (row: Row): Append.StreamEnd => ({
  version: Number(row[1]),
  last: String(row[2]),
  position: Number(row[3])
})

const selectCheckpoints = (count: number) =>
  `select subscriber, position, epoch from checkpoints where subscriber in ${placeholders(1, count)}`

const checkpoint = (row: Row) => ({ position: Number(row[1]), epoch: Number(row[2]) })

/** Which of the notes that are to be taken away are there. */
const present = (connection: Connection, advances: ReadonlyArray<Advance>) =>
  Effect.gen(function* () {
    const found = new Set<string>()
    for (const { drop = [], subscriber } of advances) {
      for (const place of drop) {
        const rows = yield* connection.executeValues(selectNote, placeOf(subscriber, place))
        if (rows.length > 0) found.add(Steps.noteOf(subscriber, place))
      }
    }
    return found
  })

const selectNote = "select 1 from notes where subscriber = ? and kind = ? and key = ? and sequence = ?"

const placeOf = (subscriber: string, { key, kind, order }: Place) => [subscriber, kind, key, order]

const selectFirst = (count: number) => `select id, request from events where id in ${placeholders(1, count)}`

/** The commits that are in the log already, found by their first event. */
const known = (connection: Connection, commits: ReadonlyArray<Commit>) =>
  Effect.gen(function* () {
    const found = new Map<string, Append.Known>()
    const ids = new Map(commits.map(({ id }) => [eventId(id, 0), id]))
    for (const [first, request] of yield* select(connection, selectFirst, [...ids.keys()])) {
      const id = ids.get(String(first)) ?? ""
      const rows = yield* connection.executeValues(selectEvents, [`${id}#`, `${id}$`])
      const events = rows
        .map(SqliteLog.fromRow)
        .filter((stored) => isNumber.test(stored.id.slice(id.length + 1)))
      found.set(id, { request: request === null ? undefined : String(request), events })
    }
    return found
  })

/** Of another commit whose id begins with this one, more than a number follows. */
const isNumber = /^\d+$/

/** "$" follows "#", which stands before the number of an event. */
const selectEvents = `select ${SqliteLog.columns} from events where id > ? and id < ? order by position`

/** Asks in pieces of few sizes, so that the statements stay prepared. */
const select = (
  connection: Connection,
  statement: (count: number) => string,
  values: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Row>, SqlError> =>
  Effect.map(
    Effect.forEach(pieces([...new Set(values)]), (piece) =>
      connection.executeValues(statement(piece.length), piece)
    ),
    (found) => found.flat()
  )

const insert = (connection: Connection, { written }: Append.Settled) =>
  Effect.suspend(() => {
    const rows = [...written.values()].flatMap(({ events, request = null }) =>
      events.map((stored, index) => SqliteLog.toRow(stored, index === 0 ? request : null))
    )
    return Effect.forEach(
      pieces(rows),
      (piece) =>
        connection.executeRaw(
          `insert into events (${SqliteLog.written}) values ${placeholders(piece.length, 11)}`,
          piece.flat()
        ),
      { discard: true }
    )
  })

const take = (connection: Connection, { drop, epoch, keep, subscriber, to }: Steps.Step) =>
  Effect.gen(function* () {
    for (const place of drop) yield* connection.executeRaw(deleteNote, placeOf(subscriber, place))
    for (const note of keep) {
      yield* connection.executeRaw(upsertNote, [...placeOf(subscriber, note), note.value])
    }
    yield* connection.executeRaw(upsertCheckpoint, [subscriber, to, epoch])
  })

const deleteNote = "delete from notes where subscriber = ? and kind = ? and key = ? and sequence = ?"

const upsertNote = `insert into notes (subscriber, kind, key, sequence, value) values (?, ?, ?, ?, ?)
  on conflict (subscriber, kind, key, sequence) do update set value = excluded.value`

const upsertCheckpoint = `insert into checkpoints (subscriber, position, epoch) values (?, ?, ?)
  on conflict (subscriber) do update set position = excluded.position, epoch = excluded.epoch`
