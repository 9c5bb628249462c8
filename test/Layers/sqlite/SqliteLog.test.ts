import { describe, expect, it } from "@effect/vitest"
import type Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import { connect, sixEvents, withoutTriggers } from "./files.ts"

const columns = [
  "position",
  "stream",
  "version",
  "id",
  "type",
  "revision",
  "recorded_at",
  "payload",
  "metadata",
  "request"
]

const eventsOf = (raw: Database.Database) =>
  raw.prepare<[], Array<unknown>>(`select ${SqliteLog.written} from events order by position`).raw().all()

/** The positions whose checksum does not fit what is stored. */
const damaged = (raw: Database.Database) =>
  eventsOf(raw)
    .filter((row) => {
      const request = row.at(-2) === null ? null : String(row.at(-2))
      return SqliteLog.toRow(SqliteLog.fromRow(row), request).at(-1) !== row.at(-1)
    })
    .map(([position]) => position)

describe("the log is readable with plain SQL", () => {
  it.scoped("each fact of the envelope has its column; payload and metadata are JSON text", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* sixEvents
      const [first] = (yield* log.readAll({ limit: 1 })).events
      const row = raw.prepare("select * from events where position = 1").get()
      expect(row).toEqual({
        position: 1,
        stream: "Product-1",
        version: 1,
        id: first?.id,
        type: "Created",
        revision: 1,
        recorded_at: first?.recordedAt,
        payload: '{"n":1,"note":"as it was"}',
        metadata: '{"actor":"tester"}',
        request: null,
        checksum: expect.stringMatching(/^[0-9a-f]{16}$/)
      })
      const counted = raw
        .prepare(
          `select payload ->> 'note' as note, metadata ->> 'actor' as actor, count(*) as events
            from events where stream = 'Product-1' and type = 'Changed' group by 1, 2`
        )
        .all()
      expect(counted).toEqual([{ note: "as it was", actor: "tester", events: 2 }])
    })
  )

  it.scoped("tables are STRICT: a column holds one type", () =>
    Effect.gen(function* () {
      const { raw } = yield* sixEvents
      const tables = raw.prepare("select name, strict from pragma_table_list where schema = 'main'").all()
      const ours = ["checkpoints", "events", "log", "notes"].map((name) => ({ name, strict: 1 }))
      expect(tables).toEqual(expect.arrayContaining(ours))
      const names = raw.prepare<[], string>("select name from pragma_table_info('events')").pluck().all()
      expect(names).toEqual([...columns, "checksum"])
      for (const row of [
        "checkpoints values ('a', 'no number', 0)",
        "checkpoints values ('a', 0, 'no number')",
        "notes values ('a', 'kind', 'key', 'no number', '{}')"
      ]) {
        expect(() => raw.exec(`insert into ${row}`), row).toThrow(/cannot store TEXT/)
      }
    })
  )

  it.scoped("the file says whose it is, and which version", () =>
    Effect.gen(function* () {
      const { raw } = yield* sixEvents
      expect(raw.pragma("application_id", { simple: true })).toBe(SqliteLog.applicationId)
      expect(raw.pragma("user_version", { simple: true })).toBe(SqliteLog.migrations.length)
    })
  )
})

describe("the database itself refuses to change history, whoever asks", () => {
  const event = (position: number, stream: string, version: number, id: string) =>
    `(${position}, '${stream}', ${version}, '${id}', 'Forged', 1, 0, '{}', '{}', 'x')`
  const into = `events (${SqliteLog.columns}, checksum) values`
  const next = event(7, "Product-1", 5, "new")
  const refused: ReadonlyArray<readonly [what: string, statement: string, why: RegExp]> = [
    ["UPDATE", "update events set payload = '{}' where position = 3", /cannot be changed/],
    ["UPDATE of everything", "update events set recorded_at = 0", /cannot be changed/],
    [
      "UPDATE OR REPLACE",
      "update or replace events set position = 2 where position = 3",
      /cannot be changed/
    ],
    ["UPDATE OR IGNORE", "update or ignore events set position = 2 where position = 3", /cannot be changed/],
    ["DELETE", "delete from events where position = 6", /cannot be deleted/],
    ["DELETE of everything", "delete from events", /cannot be deleted/],
    ["REPLACE INTO", `replace into ${into} ${event(3, "Product-2", 1, "new")}`, /next position/],
    [
      "INSERT OR REPLACE",
      `insert or replace into ${into} ${event(6, "Product-1", 4, "new")}`,
      /next position/
    ],
    ["REPLACE by version", `replace into ${into} ${event(7, "Product-1", 4, "new")}`, /next position/],
    ["REPLACE by id", `replace into ${into} ${event(7, "Product-1", 5, "KNOWN")}`, /new id/],
    ["INSERT OR IGNORE", `insert or ignore into ${into} ${event(3, "Product-2", 1, "new")}`, /next position/],
    [
      "UPSERT",
      `insert into ${into} ${event(3, "Product-2", 1, "new")}
        on conflict (position) do update set payload = excluded.payload`,
      /next position/
    ],
    [
      "UPSERT by id",
      `insert into ${into} ${event(7, "Product-1", 5, "KNOWN")}
        on conflict (id) do update set payload = excluded.payload`,
      /new id/
    ],
    [
      "INSERT beyond the next position",
      `insert into ${into} ${event(8, "Product-1", 5, "new")}`,
      /next position/
    ],
    ["INSERT at position 0", `insert into ${into} ${event(0, "Product-1", 5, "new")}`, /next position/],
    [
      "INSERT beyond the next version",
      `insert into ${into} ${event(7, "Product-1", 6, "new")}`,
      /next position/
    ],
    ["INSERT of a version again", `insert into ${into} ${event(7, "Product-1", 4, "new")}`, /next position/],
    [
      "INSERT at a first version 2",
      `insert into ${into} ${event(7, "Product-3", 2, "new")}`,
      /next position/
    ],
    [
      "INSERT of two, the second wrong",
      `insert into ${into} ${next}, ${event(9, "Product-1", 6, "b")}`,
      /next/
    ]
  ]

  for (const [what, statement, why] of refused) {
    it.scoped(`refuses ${what}`, () =>
      Effect.gen(function* () {
        const { raw } = yield* sixEvents
        const before = eventsOf(raw)
        const known = String(before[2]?.[3])
        expect(() => raw.exec(statement.replace("KNOWN", known))).toThrow(why)
        expect(eventsOf(raw)).toEqual(before)
      })
    )
  }

  it.scoped("and lets the next event of a stream in", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* sixEvents
      raw.exec(`insert into ${into} ${next}`)
      expect(yield* log.head).toBe(7)
    })
  )
})

describe("a checksum for each event", () => {
  it.scoped("fits what is stored", () =>
    Effect.gen(function* () {
      const { raw } = yield* sixEvents
      expect(eventsOf(raw)).toHaveLength(6)
      expect(damaged(raw)).toEqual([])
    })
  )

  for (const column of columns.slice(1)) {
    it.scoped(`finds a change of ${column}`, () =>
      Effect.gen(function* () {
        const { file, raw } = yield* sixEvents
        raw.exec(`vacuum into '${file}.copy'`)
        const copy = yield* connect(`${file}.copy`)
        withoutTriggers(copy)
        const number = ["version", "revision", "recorded_at"].includes(column)
        const changed = number
          ? `${column} + 100`
          : `coalesce(substr(${column}, 1, length(${column}) - 1), '') || '?'`
        copy.exec(`update events set ${column} = ${changed} where position = 4`)
        expect(damaged(copy)).toEqual([4])
        expect(damaged(raw)).toEqual([])
      })
    )
  }

  it.scoped("finds a byte that was flipped in the file, which SQLite's own check does not", () =>
    Effect.gen(function* () {
      const { file, raw } = yield* sixEvents
      raw.exec(`vacuum into '${file}.copy'`)
      const bytes = fs.readFileSync(`${file}.copy`)
      const [, , third] = eventsOf(raw)
      const at = bytes.indexOf(String(third?.[3]), 0, "utf8")
      const payload = bytes.indexOf("as it was", at, "utf8")
      expect(at).toBeGreaterThan(0)
      bytes.writeUInt8(bytes.readUInt8(payload) ^ 0x02, payload)
      fs.writeFileSync(`${file}.copy`, bytes)
      const copy = yield* connect(`${file}.copy`)
      expect(copy.pragma("integrity_check", { simple: true })).toBe("ok")
      expect(damaged(copy)).toHaveLength(1)
    })
  )
})
