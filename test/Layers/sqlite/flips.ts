/** Single bits that turn round in a log, by SQL or in the file, and what verify says. */
import Database from "better-sqlite3"
import { Expected, Soundness, Verification } from "everfold"
import { SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Random from "effect/Random"
import * as fs from "node:fs"
import { columns } from "./attacks.ts"
import { openLog } from "./files.ts"
import { unprotected } from "./tampering.ts"

/** A closed log of 160 events in 8 streams: texts of many kinds, pages that overflow, requests, a checkpoint. */
export const writeLog = (file: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const log = yield* openLog(file)
      for (let n = 0; n < 40; n++) {
        const size = n % 10 === 0 ? 6000 : 40
        const payload = JSON.stringify({
          n,
          text: "žluťoučký kůň 🐎 ".repeat(size / 20),
          free: "x".repeat(size)
        })
        const event = { type: n % 3 === 0 ? "Created" : "Changed", revision: 1, payload }
        yield* log.append({
          id: `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`,
          ...(n % 2 === 0 ? { request: `request ${n}` } : {}),
          metadata: { actor: "tester", correlationId: `correlation-${n}` },
          parts: [
            { stream: `Product-${n % 8}`, expected: Expected.any, events: [event, event, event, event] }
          ],
          advance: { subscriber: "letters", from: yield* log.checkpoint("letters"), to: 4 * n + 4 }
        })
      }
    })
  )

/** What there is in a log, table by table; `undefined` where SQLite cannot read it. */
export const contents = (file: string) => {
  const raw = new Database(file, { readonly: true })
  const read = (table: string, names: ReadonlyArray<string>) =>
    raw
      .prepare(`select ${names.map((name) => `quote(${name})`).join(", ")} from ${table}`)
      .raw()
      .all()
  try {
    return {
      events: JSON.stringify(read("events", columns)),
      others: JSON.stringify([
        read("log", ["id", "epoch"]),
        read("checkpoints", ["subscriber", "position", "epoch"])
      ])
    }
  } catch {
    return undefined
  } finally {
    raw.close()
  }
}

/** What verify says of a file: what it found first, or why it could not look. */
export const verdict = (filename: string) =>
  Verification.verify().pipe(
    Effect.provide(SqliteVerification.layer({ filename })),
    Effect.either,
    Effect.map((result) =>
      Either.match(result, {
        onLeft: ({ reason }) => ({ _tag: "Refused", reason }) as const,
        onRight: ({ problems: [first] }) =>
          first === undefined
            ? ({ _tag: "Sound" } as const)
            : ({ _tag: "Found", first, text: Soundness.describe(first) } as const)
      })
    )
  )

/** Turns round one bit of one value of one event by SQL; returns which. */
export const flipBySql = (file: string) =>
  Effect.gen(function* () {
    const raw = new Database(file)
    const rows = raw
      .prepare<[], ReadonlyArray<unknown>>(`select ${columns.join(", ")} from events`)
      .raw()
      .all()
    let flipped: { readonly position: number; readonly column: string } | undefined
    while (flipped === undefined) {
      const row = rows[yield* Random.nextIntBetween(0, rows.length)] ?? []
      const index = yield* Random.nextIntBetween(0, columns.length)
      const value = yield* flippedValue(row[index])
      const column = columns[index] ?? ""
      if (value === undefined || !isWritten(raw, column, value, Number(row[0]))) continue
      flipped = { position: Number(row[0]), column }
    }
    raw.close()
    return flipped
  })

/** Turns round one bit of the file; returns where. */
export const flipInFile = (file: string) =>
  Effect.gen(function* () {
    const bytes = fs.readFileSync(file)
    const offset = yield* Random.nextIntBetween(0, bytes.length)
    const bit = yield* Random.nextIntBetween(0, 8)
    bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << bit), offset)
    fs.writeFileSync(file, bytes)
    return { offset, bit }
  })

// internal

const flippedValue = (value: unknown) =>
  Effect.gen(function* () {
    if (typeof value === "number") return value ^ (1 << (yield* Random.nextIntBetween(0, 20)))
    if (typeof value !== "string") return undefined
    const bytes = Buffer.from(value)
    const at = yield* Random.nextIntBetween(0, bytes.length)
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (yield* Random.nextIntBetween(0, 8))), at)
    return bytes
  })

/** Two events cannot have one position, one version, or one id; that is SQLite's own refusal. */
const isWritten = (raw: Database.Database, column: string, value: number | Buffer, position: number) => {
  const expression = typeof value === "number" ? "cast(? as integer)" : "cast(? as text)"
  try {
    unprotected(raw, () =>
      raw.prepare(`update events set ${column} = ${expression} where position = ?`).run(value, position)
    )
    return true
  } catch {
    return false
  }
}
