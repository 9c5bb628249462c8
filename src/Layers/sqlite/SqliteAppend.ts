/** Writes commits in a transaction that has begun: looks up what they name, lets them be settled, inserts. */
import * as Append from "../../Domain/Append.ts"
import type { Advance, Commit } from "../../Domain/Commit.ts"
import { eventId } from "../../Domain/Commit.ts"
import type { Place } from "../../Domain/Note.ts"
import * as Steps from "../../Domain/Steps.ts"
import * as SqliteLog from "./SqliteLog.ts"
import type { Session } from "./SqliteSession.ts"

/** Writes what can be written of a group; each commit gets its own outcome. */
export const write = (session: Session, commits: ReadonlyArray<Commit>, now: number): Append.Outcomes => {
  const asked = commits.map(withDigest)
  const settled = Append.settle(factsFor(session, asked), asked, now)
  insert(session, settled)
  for (const step of settled.steps) take(session, step)
  return settled.outcomes
}

// internal

/** A request is stored as its digest. */
const withDigest = (commit: Commit): Commit =>
  commit.request === undefined ? commit : { ...commit, request: SqliteLog.digest(commit.request) }

type Row = ReadonlyArray<unknown>

const factsFor = (session: Session, commits: ReadonlyArray<Commit>): Append.Facts => {
  const [last] = session.values(selectLast, [])
  const advances = commits.flatMap(({ advance }) => (advance === undefined ? [] : [advance]))
  return {
    position: Number(last?.[0] ?? 0),
    time: Number(last?.[1] ?? 0),
    commits: known(session, commits),
    streams: ends(session, commits),
    checkpoints: checkpoints(session, advances),
    notes: present(session, advances)
  }
}

const selectLast = "select position, recorded_at from events order by position desc limit 1"

const ends = (session: Session, commits: ReadonlyArray<Commit>) => {
  const found = new Map<string, Append.StreamEnd>()
  for (const { parts } of commits) {
    for (const { stream } of parts) {
      if (found.has(stream)) continue
      const [row] = session.values(selectEnd, [stream])
      if (row !== undefined) found.set(stream, streamEnd(row))
    }
  }
  return found
}

const selectEnd = "select version, id, position from events where stream = ? order by version desc limit 1"

const streamEnd = ([version, last, position]: Row): Append.StreamEnd => ({
  version: Number(version),
  last: String(last),
  position: Number(position)
})

const checkpoints = (session: Session, advances: ReadonlyArray<Advance>) => {
  const found = new Map<string, { readonly position: number; readonly epoch: number }>()
  for (const { subscriber } of advances) {
    const [row] = session.values(selectCheckpoint, [subscriber])
    if (row !== undefined) found.set(subscriber, { position: Number(row[0]), epoch: Number(row[1]) })
  }
  return found
}

const selectCheckpoint = "select position, epoch from checkpoints where subscriber = ?"

/** Which of the notes that are to be taken away are there. */
const present = (session: Session, advances: ReadonlyArray<Advance>) => {
  const found = new Set<string>()
  for (const { drop = [], subscriber } of advances) {
    for (const place of drop) {
      const rows = session.values(selectNote, placeOf(subscriber, place))
      if (rows.length > 0) found.add(Steps.noteOf(subscriber, place))
    }
  }
  return found
}

const selectNote = "select 1 from notes where subscriber = ? and kind = ? and key = ? and sequence = ?"

const placeOf = (subscriber: string, { key, kind, order }: Place) => [subscriber, kind, key, order]

/** The commits that are in the log already, found by their first event. */
const known = (session: Session, commits: ReadonlyArray<Commit>) => {
  const found = new Map<string, Append.Known>()
  for (const { id } of commits) {
    const [first] = session.values(selectRequest, [eventId(id, 0)])
    if (first === undefined) continue
    const [request] = first
    const events = session
      .values(selectEvents, [`${id}#`, `${id}$`])
      .map(SqliteLog.fromRow)
      .filter((stored) => isNumber.test(stored.id.slice(id.length + 1)))
    found.set(id, { request: request === null ? undefined : String(request), events })
  }
  return found
}

const selectRequest = "select request from events where id = ?"

/** Of another commit whose id begins with this one, more than a number follows. */
const isNumber = /^\d+$/

/** "$" follows "#", which stands before the number of an event. */
const selectEvents = `select ${SqliteLog.columns} from events where id > ? and id < ? order by position`

const insert = (session: Session, { written }: Append.Settled) => {
  for (const { events, request = null } of written.values()) {
    for (const [index, stored] of events.entries()) {
      session.values(SqliteLog.insertEvent, SqliteLog.toRow(stored, index === 0 ? request : null))
    }
  }
}

const take = (session: Session, { drop, epoch, keep, subscriber, to }: Steps.Step) => {
  for (const place of drop) session.values(deleteNote, placeOf(subscriber, place))
  for (const note of keep) session.values(upsertNote, [...placeOf(subscriber, note), note.value])
  session.values(upsertCheckpoint, [subscriber, to, epoch])
}

const deleteNote = "delete from notes where subscriber = ? and kind = ? and key = ? and sequence = ?"

const upsertNote = `insert into notes (subscriber, kind, key, sequence, value) values (?, ?, ?, ?, ?)
  on conflict (subscriber, kind, key, sequence) do update set value = excluded.value`

const upsertCheckpoint = `insert into checkpoints (subscriber, position, epoch) values (?, ?, ?)
  on conflict (subscriber) do update set position = excluded.position, epoch = excluded.epoch`
