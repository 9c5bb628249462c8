import { describe, expect, it } from "@effect/vitest"
import Database from "better-sqlite3"
import { Soundness, Verification } from "everfold"
import { SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { attacks, columns, forged, type Attack } from "./attacks.ts"
import { sixEvents } from "./files.ts"
import { sign, unprotected } from "./tampering.ts"

/** Every byte of the events and of the schema, as SQL literals, read by a connection of its own. */
const dump = (file: string) => {
  const raw = new Database(file, { readonly: true })
  try {
    const values = columns.map((column) => `quote(${column})`).join(" || ',' || ")
    const events = raw.prepare(`select ${values} from events order by position`).pluck().all()
    return [...events, ...raw.prepare("select type, name, sql from sqlite_schema order by 1, 2").raw().all()]
  } finally {
    raw.close()
  }
}

/** Where an attack is made: who is connected how, and what the table is called there. */
const places: ReadonlyArray<{
  readonly name: string
  readonly table: string
  readonly make: (raw: Database.Database, sql: string) => void
}> = [
  { name: "by itself", table: "events", make: (raw, sql) => raw.exec(sql) },
  {
    name: "in a savepoint of a transaction that is committed",
    table: "main.events",
    make: (raw, sql) => {
      raw.exec("begin immediate; savepoint inner")
      try {
        raw.exec(sql)
      } finally {
        raw.exec("release inner; commit")
      }
    }
  }
]

/** Makes an attack; returns what the database said. */
const refusal = (make: () => void): string | undefined => {
  try {
    make()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const check = (said: string | undefined, expected: RegExp | undefined) =>
  expected === undefined ? expect(said).toBeUndefined() : expect(said).toMatch(expected)

const aimed = ({ sql }: Attack, table: string) => sql.replaceAll("EVENTS", table)

describe("no SQL changes what is written: the log stays byte for byte as it is", () => {
  it("there are many ways", () => {
    expect(attacks.length).toBeGreaterThan(150)
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  })

  for (const attack of attacks) {
    it.scoped(attack.name, () =>
      Effect.gen(function* () {
        const { file, raw: other } = yield* sixEvents
        if (attack.before !== undefined) other.exec(attack.before)
        const before = dump(file)
        expect(before.length).toBeGreaterThan(6)
        for (const recursive of ["off", "on"]) {
          for (const { make, table } of places) {
            const raw = new Database(file, { timeout: 0 })
            raw.pragma(`recursive_triggers = ${recursive}`)
            check(
              refusal(() => make(raw, aimed(attack, table))),
              attack.refusal
            )
            raw.close()
            expect(dump(file)).toEqual(before)
          }
        }
        if (attack.local === true) return
        const elsewhere = new Database(":memory:")
        elsewhere.exec(`attach '${file}' as victim`)
        check(
          refusal(() => elsewhere.exec(aimed(attack, "victim.events"))),
          attack.refusal
        )
        elsewhere.close()
        expect(dump(file)).toEqual(before)
      })
    )
  }
})

/** Done by somebody who puts the triggers back. */
const hidden = (change: (raw: Database.Database) => void) => (raw: Database.Database) =>
  unprotected(raw, () => change(raw))

const statement = (sql: string) => (raw: Database.Database) => {
  raw.unsafeMode(true)
  raw.exec(sql)
}

const signed = (sql: string) =>
  hidden((raw) => {
    raw.exec(sql)
    sign(raw)
  })

describe("what triggers cannot hold off is found by verify", () => {
  const found: ReadonlyArray<
    readonly [
      what: string,
      change: (raw: Database.Database) => void,
      reason: "Damaged" | "Altered" | "Ahead",
      details: RegExp
    ]
  > = [
    [
      "a trigger is missing",
      statement("drop trigger events_next"),
      "Altered",
      /^the trigger events_next is missing$/
    ],
    [
      "a trigger does nothing",
      statement(
        `drop trigger events_no_update;
        create trigger events_no_update before update on events begin select 1; end`
      ),
      "Altered",
      /^the trigger events_no_update is not as it was made$/
    ],
    [
      "a trigger was taken out of the schema",
      statement("pragma writable_schema = on; delete from sqlite_schema where name = 'events_no_delete'"),
      "Altered",
      /^the trigger events_no_delete is missing$/
    ],
    [
      "a trigger was changed in the schema",
      statement(
        `pragma writable_schema = on;
        update sqlite_schema set sql = replace(sql, 'before update', 'before update of id')
          where name = 'events_no_update'`
      ),
      "Altered",
      /^the trigger events_no_update is not as it was made$/
    ],
    [
      "a trigger of somebody else",
      statement("create trigger theirs after insert on events begin delete from checkpoints; end"),
      "Altered",
      /^the trigger theirs is not the log's own$/
    ],
    [
      "a table that lets events refer to others",
      statement(
        `pragma writable_schema = on;
        update sqlite_schema set sql = replace(sql, 'type text', 'type text references kinds on delete cascade')
          where name = 'events'`
      ),
      "Altered",
      /^the table events is not as it was made$/
    ],
    [
      "a column more",
      statement("alter table events add column note text"),
      "Altered",
      /table events is not as/
    ],
    [
      "a table that is not there",
      statement("drop table events"),
      "Damaged",
      /^what follows position 0 cannot be read: .*no such table: events/
    ],
    [
      "another table in its place",
      statement("alter table events rename to former; create table events as select * from former"),
      "Altered",
      /^the table events is not as it was made$/
    ],
    ["no identity", statement("delete from log"), "Altered", /^the log has not one identity$/],
    [
      "a checkpoint beyond the log",
      statement("insert into checkpoints values ('letters', 7, 0)"),
      "Ahead",
      /^the checkpoint of "letters" is at 7; the log ends at 6$/
    ],
    [
      "newest events are missing, and a checkpoint knows of them",
      hidden((raw) => {
        raw.exec("insert into checkpoints values ('letters', 6, 0)")
        raw.exec("delete from events where position > 4")
      }),
      "Ahead",
      /^the checkpoint of "letters" is at 6; the log ends at 4$/
    ],
    ...columns
      .slice(1)
      .map(
        (column) =>
          [
            `another ${column}`,
            hidden((raw) =>
              raw.exec(`update events set ${column} = ${otherValue(column)} where position = 3`)
            ),
            "Damaged",
            /^event 3 \(.*: its checksum does not fit what is stored$/
          ] as const
      ),
    [
      "another position",
      hidden((raw) => raw.exec("update events set position = 77 where position = 6")),
      "Damaged",
      /^event 77 \(Changed, Product-1 version 4\): it stands where position 6 is expected$/
    ],
    [
      "a position below the first",
      hidden((raw) => raw.exec("update events set position = -6 where position = 6")),
      "Damaged",
      /^event -6 \(Changed, Product-1 version 4\): it stands where position 1 is expected$/
    ],
    [
      "the lowest position there is",
      hidden((raw) => raw.exec("update events set position = -9223372036854775808 where position = 6")),
      "Damaged",
      /^event -9223372036854776000 \(.*it stands where position 1 is expected$/
    ],
    [
      "an event is missing",
      hidden((raw) => raw.exec("delete from events where position = 3")),
      "Damaged",
      /^event 4 \(Created, Product-2 version 2\): it stands where position 3 is expected$/
    ],
    [
      "an event is missing, and the others have moved up, with fitting checksums",
      signed(
        "delete from events where position = 3; update events set position = position - 1 where position > 3"
      ),
      "Damaged",
      /^event 3 \(Created, Product-2 version 2\): no version 1 of its stream comes before it$/
    ],
    [
      "two versions have changed places, with fitting checksums",
      signed(
        `update events set version = 9 where position = 5; update events set version = 3 where position = 6;
        update events set version = 4 where position = 5`
      ),
      "Damaged",
      /^event 5 \(Changed, Product-1 version 4\): no version 3 of its stream comes before it$/
    ],
    [
      "a time goes back, with fitting checksums",
      signed(
        "update events set recorded_at = 10 * position; update events set recorded_at = 29 where position = 4"
      ),
      "Damaged",
      /^event 4 \(.*it was recorded 1 ms before the event that it follows$/
    ],
    [
      "a commit lacks its first event, with fitting checksums",
      signed(
        `delete from events where position = 5; update events set position = 5, version = 3 where position = 6`
      ),
      "Damaged",
      /^event 5 \(.*it is number 1 of its commit, and number 0 is not before it$/
    ],
    [
      "an id of another make, with a fitting checksum",
      signed("update events set id = 'by hand' where position = 3"),
      "Damaged",
      /^event 3 \(.*its id "by hand" is not that of a commit and a number$/
    ],
    [
      "a payload that is no JSON, with a fitting checksum",
      signed("update events set payload = '{' where position = 3"),
      "Damaged",
      /^event 3 \(.*its payload is no JSON object$/
    ],
    [
      "an event by hand, in due form but without a fitting checksum",
      statement(`insert into events values ${forged(7, "Product-1", 5)}`),
      "Damaged",
      /^event 7 \(Forged, Product-1 version 5\): its checksum does not fit what is stored$/
    ]
  ]

  for (const [what, change, reason, details] of found) {
    it.scoped(what, () =>
      Effect.gen(function* () {
        const { file, raw } = yield* sixEvents
        const verify = Effect.provide(Verification.verify(), SqliteVerification.layer({ filename: file }))
        const before = yield* verify
        expect(before).toMatchObject({ events: 6, streams: 2, problems: [] })
        change(raw)
        const { problems } = yield* verify
        expect(problems.map(({ reason }) => reason)).toContain(reason)
        expect(problems.map(Soundness.describe).join("\n")).toMatch(new RegExp(details, "m"))
      })
    )
  }
})

describe("who reaches the file by other ways than SQL is found too", () => {
  const shell = spawnSync("sqlite3", ["--version"]).status === 0
  const switchedOff = (file: string) =>
    spawnSync("sqlite3", [
      file,
      ".dbconfig enable_trigger off",
      "update events set payload = '{}' where position = 3"
    ])

  it.scoped.skipIf(!shell)("a connection that has its triggers switched off", () =>
    Effect.gen(function* () {
      const { file } = yield* sixEvents
      expect(switchedOff(file).stderr.toString()).toBe("")
      const { problems } = yield* Effect.provide(
        Verification.verify(),
        SqliteVerification.layer({ filename: file })
      )
      expect(problems).toMatchObject([{ reason: "Damaged", event: { position: 3 } }])
    })
  )
})

describe("what nobody can see in the file alone", () => {
  const unseen: ReadonlyArray<readonly [what: string, change: (raw: Database.Database) => void]> = [
    ["the newest events are missing", hidden((raw) => raw.exec("delete from events where position > 4"))],
    [
      "an event was changed by somebody who knows how a checksum is made",
      signed(`update events set payload = '{"n":1,"note":"as it suits me"}' where position = 3`)
    ],
    ["a checkpoint has gone back", statement("insert into checkpoints values ('letters', 1, 0)")]
  ]

  for (const [what, change] of unseen) {
    it.scoped(what, () =>
      Effect.gen(function* () {
        const { file, raw } = yield* sixEvents
        change(raw)
        const { problems } = yield* Effect.provide(
          Verification.verify(),
          SqliteVerification.layer({ filename: file })
        )
        expect(problems).toEqual([])
      })
    )
  }
})

/** Another value of the type that a column has. */
function otherValue(column: string): string {
  return ["version", "revision", "recorded_at"].includes(column) ? `${column} + 100` : "'other'"
}
