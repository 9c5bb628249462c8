/** The least that is a log: one table, without ids, triggers and checksums. */
import { deposit, streamOf } from "../Account.ts"
import { nextId } from "./Ids.ts"
import type { RawDeposit, RawLog } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Makes the table in an empty database. */
export const make = (database: Sql.Database): RawLog => {
  database.exec(`create table events (
    position integer primary key,
    stream text not null,
    version integer not null,
    type text not null,
    recorded_at integer not null,
    payload text not null,
    metadata text not null,
    unique (stream, version)
  ) strict`)
  const transaction = Sql.transaction(database)
  const insert = Sql.inserter(
    database,
    "into events (stream, version, type, recorded_at, payload, metadata)",
    6
  )
  const selectVersion = database.prepare("select max(version) from events where stream = ?").pluck()
  const selectStream = database
    .prepare("select payload from events where stream = ? order by version")
    .pluck()
  const selectPage = database
    .prepare("select payload from events where position > ? order by position limit ? + 0")
    .pluck()
  const read = (after: number, limit: number) => selectPage.all(after, limit).map(parse)

  return {
    append: (commits) =>
      transaction(() => {
        const now = Date.now()
        const versions = new Map<string, number>()
        const rows: Array<ReadonlyArray<unknown>> = []
        for (const { accountId, count, version } of commits) {
          const stream = streamOf(accountId)
          const actual = versions.get(stream) ?? Number(selectVersion.get(stream) ?? 0)
          if (actual !== version) throw new Error(`${stream} is at version ${actual}, not ${version}`)
          versions.set(stream, version + count)
          const id = nextId()
          const payload = JSON.stringify(deposit(accountId))
          const metadata = JSON.stringify({ correlationId: id, actor: "bench", commandId: id })
          for (let n = 1; n <= count; n += 1) {
            rows.push([stream, version + n, "Deposited", now, payload, metadata])
          }
        }
        insert(rows)
      }),
    stream: (stream) => selectStream.all(stream).map(parse),
    page: (after, limit) => {
      const deposits = read(after, limit)
      // Nothing is ever deleted: positions have no gap.
      return { after, to: after + deposits.length, time: 0, deposits }
    },
    scan: read
  }
}

// internal

const parse = (payload: unknown): RawDeposit => JSON.parse(String(payload))
