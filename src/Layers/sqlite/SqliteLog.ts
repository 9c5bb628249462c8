/** The tables of the log, and how an event lies in them. */
import { hash } from "node:crypto"
import type { Past, Stored } from "../../Domain/Event.ts"
import { placeholders } from "./SqliteStatements.ts"

/** "evfl": marks the file as a log. */
export const applicationId = 0x6576666c

/**
 * The versions of the schema. Payload and metadata are readable JSON text, every other fact has its column.
 * Three triggers refuse to change history: UPDATE, DELETE, and an INSERT of anything but the next position and
 * version, so that INSERT OR REPLACE cannot put a row in the place of another.
 */
export const migrations: ReadonlyArray<ReadonlyArray<string>> = [
  [
    `create table log (id text not null, epoch integer not null) strict`,
    `insert into log (id, epoch) values (lower(hex(randomblob(16))), 1)`,
    `create table events (
      position integer primary key,
      stream text not null,
      version integer not null,
      id text not null unique,
      type text not null,
      revision integer not null,
      recorded_at integer not null,
      payload text not null,
      metadata text not null,
      request text,
      checksum text not null,
      unique (stream, version)
    ) strict`,
    `create table checkpoints (
      subscriber text primary key,
      position integer not null,
      epoch integer not null
    ) strict, without rowid`,
    `create table notes (
      subscriber text not null,
      kind text not null,
      key text not null,
      sequence integer not null,
      value text not null,
      primary key (subscriber, kind, key, sequence)
    ) strict, without rowid`,
    `create index notes_in_order on notes (subscriber, kind, sequence)`,
    `create table snapshots (
      stream text primary key,
      key text not null,
      version integer not null,
      last text not null,
      state text not null,
      checksum text not null
    ) strict, without rowid`,
    `create table leases (
      subscriber text primary key,
      owner text not null,
      epoch integer not null,
      until integer not null,
      paused integer not null,
      asked integer not null,
      report text not null,
      process text not null
    ) strict, without rowid`,
    `create trigger events_no_update before update on events begin
      select raise(abort, 'everfold: an event cannot be changed');
    end`,
    `create trigger events_no_delete before delete on events begin
      select raise(abort, 'everfold: an event cannot be deleted');
    end`,
    `create trigger events_next before insert on events
      when new.position is not (select coalesce(max(position), 0) + 1 from events)
        or new.version is not (select coalesce(max(version), 0) + 1 from events where stream = new.stream)
        or exists (select 1 from events where id = new.id)
    begin
      select raise(abort, 'everfold: an event must have the next position and version, and a new id');
    end`
  ]
]

/** The columns of an event as it is read, in the order of `fromRow`. */
export const columns = "position, stream, version, id, type, revision, recorded_at, payload, metadata"

/** The same with a payload of more bytes than asked for left where it is; in its place stands how many it has. */
export const columnsWithin = columns.replace(
  "payload",
  "case when octet_length(payload) > ? then octet_length(payload) else payload end"
)

/** Where the payload stands in a row. */
export const payloadColumn = 7

/** A row as it was read. */
export const fromRow = (row: ReadonlyArray<unknown>): Stored => ({
  position: Number(row[0]),
  stream: String(row[1]),
  version: Number(row[2]),
  id: String(row[3]),
  type: String(row[4]),
  revision: Number(row[5]),
  recordedAt: Number(row[6]),
  payload: String(row[7]),
  metadata: String(row[8])
})

/** How events are read: which columns, and what is made of a row. */
export interface Form<A> {
  readonly columns: string
  readonly fromRow: (row: ReadonlyArray<unknown>) => A
}

/** Everything that is known of them. */
export const stored: Form<Stored> = { columns, fromRow }

/** What a fold needs of those of one stream. */
export const past = (stream: string): Form<Past> => ({
  columns: "version, id, type, revision, payload",
  fromRow: (row) => ({
    stream,
    version: Number(row[0]),
    id: String(row[1]),
    type: String(row[2]),
    revision: Number(row[3]),
    payload: String(row[4])
  })
})

/** The columns of an event as it is written, in the order of `toRow`. */
export const written = `${columns}, request, checksum`

/** Writes an event. */
export const insertEvent = `insert into events (${written}) values ${placeholders(written.split(",").length)}`

/** The values of a row; the request that a commit answers to stands with its first event. */
export const toRow = (stored: Stored, request: string | null): ReadonlyArray<string | number | null> => {
  const { id, metadata, payload, position, recordedAt, revision, stream, type, version } = stored
  const values = [position, stream, version, id, type, revision, recordedAt, payload, metadata, request]
  values.push(digest(JSON.stringify(values)))
  return values
}

/** Whether the values of a row are those that its checksum, the last of them, was made for. */
export const fits = (row: ReadonlyArray<unknown>): boolean =>
  digest(JSON.stringify(row.slice(0, -1))) === row.at(-1)

/** 64 bits of SHA-256: finds a flipped byte in a row, and tells one request from another. */
export const digest = (text: string): string => hash("sha256", text).slice(0, 16)
