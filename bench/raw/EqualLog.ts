/** Everfold's own file, with its tables and triggers, and in it the rows that everfold would write. */
import { hash } from "node:crypto"
import { deposit, streamOf } from "../Account.ts"
import { nextId } from "./Ids.ts"
import type { RawDeposit, RawLog } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Writes to a file that everfold has made, and reads whole events from it where somebody wants events. */
export const make = (database: Sql.Database): RawLog => {
  const transaction = Sql.transaction(database)
  const insert = Sql.inserter(database, `into events (${columns}, request, checksum)`, 11)
  const selectLast = database
    .prepare<[], [number, number]>("select position, recorded_at from events order by position desc limit 1")
    .raw()
  const selectCommit = database.prepare("select request from events where id = ?").pluck()
  const selectStream = database
    .prepare<[string], Row>(`select ${columns} from events where stream = ? order by version`)
    .raw()
  const selectScan = database
    .prepare<[number, number], Row>(
      `select ${columns} from events where position > ? order by position limit ? + 0`
    )
    .raw()
  const selectPage = database
    .prepare("select payload from events where position > ? order by position limit ? + 0")
    .pluck()
  const selectTime = database.prepare("select recorded_at from events where position = ?").pluck()

  return {
    append: (commits) =>
      transaction(() => {
        const [last, lastTime] = selectLast.get() ?? [0, 0]
        const now = Math.max(Date.now(), lastTime)
        let position = last
        const rows: Array<ReadonlyArray<unknown>> = []
        for (const { accountId, count, version } of commits) {
          const stream = streamOf(accountId)
          const id = nextId()
          if (selectCommit.get(`${id}#0`) !== undefined) throw new Error(`${id} was written before`)
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
        // Whether a stream is at the version that a commit expects is looked up by the trigger.
        insert(rows)
      }),
    stream: (stream) => selectStream.all(stream).map(parseRow),
    page: (after, limit) => {
      const deposits = selectPage.all(after, limit).map(parse)
      const to = after + deposits.length
      return { after, to, time: Number(selectTime.get(to) ?? 0), deposits }
    },
    scan: (after, limit) => selectScan.all(after, limit).map(parseRow)
  }
}

// internal

const columns = "position, stream, version, id, type, revision, recorded_at, payload, metadata"

type Row = [number, string, number, string, string, number, number, string, string]

const digest = (text: string): string => hash("sha256", text, "hex").slice(0, 16)

const parse = (payload: unknown): RawDeposit => JSON.parse(String(payload))

const parseRow = (row: Row): RawDeposit => JSON.parse(row[7])
