/** Snapshots in the database of a log, written by its one writer. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Snapshot } from "../../Domain/Snapshot.ts"
import { Snapshots } from "../../Services/Snapshots.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteLog from "./SqliteLog.ts"

/** The snapshots in an open database. */
export const over = ({ read, transact }: Database) =>
  Snapshots.of({
    load: (stream, key) =>
      Effect.map(read(select, [stream, SqliteLog.digest(key)]), ([row]) =>
        Option.filterMap(Option.fromNullable(row), intact(stream, key))
      ),
    save: (snapshots) =>
      Effect.suspend(() => {
        const rows = snapshots.map(toRow)
        return transact(({ values }) => {
          for (const row of rows) values(upsert, row)
        })
      }),
    discard: (stream) =>
      Effect.asVoid(transact(({ values }) => values("delete from snapshots where stream = ?", [stream])))
  })

// internal

type Row = ReadonlyArray<unknown>

const select = "select version, last, state, checksum from snapshots where stream = ? and key = ?"

const upsert = `insert into snapshots (stream, key, version, last, state, checksum) values (?, ?, ?, ?, ?, ?)
  on conflict (stream) do update set key = excluded.key, version = excluded.version, last = excluded.last,
    state = excluded.state, checksum = excluded.checksum
  where excluded.version >= snapshots.version`

const toRow = ({ key, last, state, stream, version }: Snapshot): Row => {
  const values = [stream, SqliteLog.digest(key), version, last, state]
  return [...values, SqliteLog.digest(JSON.stringify(values))]
}

const intact =
  (stream: string, key: string) =>
  ([version, last, state, checksum]: Row): Option.Option<Snapshot> => {
    const snapshot = { stream, key, version: Number(version), last: String(last), state: String(state) }
    return toRow(snapshot).at(-1) === checksum ? Option.some(snapshot) : Option.none()
  }
