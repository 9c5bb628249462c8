/** Everfold's own file, with its tables and triggers, and in it the rows that everfold would write. */
import { createHash } from "node:crypto"
import { deposit, streamOf } from "../Account.ts"
import { nextId } from "./Ids.ts"
import type { RawDeposit, RawLog } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Writes to a file that everfold has made. */
export const make = (database: Sql.Database): RawLog => {
  const transaction = Sql.transaction(database)
  const insert = Sql.inserter(database, `events (${columns}, request, checksum)`, 11)
  const selectLast = database
    .prepare<[], [number, number]>("select position, recorded_at from events order by position desc limit 1")
    .raw()
  const selectCommit = database.prepare("select request from events where id = ?").pluck()
  const selectVersion = database.prepare("select max(version) from events where stream = ?").pluck()
  const selectStream = database
    .prepare<[string], Row>(`select ${columns} from events where stream = ? order by version`)
    .raw()
  const selectPage = database
    .prepare<[number], Row>(`select ${columns} from events where position > ? order by position limit 500`)
    .raw()

  return {
    append: (commits) =>
      transaction(() => {
        const [last, lastTime] = selectLast.get() ?? [0, 0]
        const now = Math.max(Date.now(), lastTime)
        let position = last
        const versions = new Map<string, number>()
        const rows: Array<ReadonlyArray<unknown>> = []
        for (const { accountId, count, version } of commits) {
          const stream = streamOf(accountId)
          const id = nextId()
          if (selectCommit.get(`${id}#0`) !== undefined) throw new Error(`${id} was written before`)
          const actual = versions.get(stream) ?? Number(selectVersion.get(stream) ?? 0)
          if (actual !== version) throw new Error(`${stream} is at version ${actual}, not ${version}`)
          versions.set(stream, version + count)
          const payload = JSON.stringify(deposit(accountId))
          const request = digest(JSON.stringify([stream, "Deposit", payload]))
          const metadata = JSON.stringify({ correlationId: id, actor: "bench", commandId: id })
          for (let n = 0; n < count; n += 1) {
            position += 1
            const place = [position, stream, version + n + 1, `${id}#${n}`]
            const row = [...place, "Deposited", 1, now, payload, metadata, n === 0 ? request : null]
            rows.push([...row, digest(JSON.stringify(row))])
          }
        }
        insert(rows)
      }),
    stream: (stream) => selectStream.all(stream).map(parse),
    page: (after) => {
      const found = selectPage.all(after)
      const last = found.at(-1)
      return { after, to: last?.[0] ?? after, time: last?.[6] ?? 0, deposits: found.map(parse) }
    }
  }
}

// internal

const columns = "position, stream, version, id, type, revision, recorded_at, payload, metadata"

type Row = [number, string, number, string, string, number, number, string, string]

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

const parse = ([
  position,
  stream,
  version,
  id,
  type,
  revision,
  recordedAt,
  payload,
  metadata
]: Row): RawDeposit => ({
  ...JSON.parse(payload),
  envelope: { position, stream, version, id, type, revision, recordedAt, metadata: JSON.parse(metadata) }
})
