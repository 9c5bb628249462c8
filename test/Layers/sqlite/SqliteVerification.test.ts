import { describe, expect, it } from "@effect/vitest"
import { Soundness, Verification } from "everfold"
import { SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as fs from "node:fs"
import { dirname } from "node:path"
import { folder } from "../Stacks.ts"
import { connect, commit, freshFile, openLog, sixEvents, turn } from "./files.ts"
import { contents, flipBySql, flipInFile, verdict, writeLog } from "./flips.ts"

const verify = (filename: string) =>
  Effect.provide(Verification.verify(), SqliteVerification.layer({ filename }))

/** Why a file cannot be looked at. */
const refusal = (filename: string) => Effect.flip(verify(filename))

describe("verify", () => {
  it.scopedLive("says what it has looked at", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* writeLog(file)
      const report = yield* verify(file)
      expect(report).toEqual({ events: 160, streams: 8, decoded: 0, checkpoints: 1, problems: [] })
    })
  )

  it.scopedLive("of a log without events", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(openLog(file))
      const report = yield* verify(file)
      expect(report).toEqual({ events: 0, streams: 0, decoded: 0, checkpoints: 0, problems: [] })
    })
  )

  it.scopedLive("writes nothing", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* writeLog(file)
      fs.chmodSync(file, 0o444)
      const before = fs.readFileSync(file)
      yield* verify(file)
      expect(fs.readFileSync(file).equals(before)).toBe(true)
    })
  )

  it.scopedLive("is sound at any moment while others append, and the event loop turns", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const log = yield* openLog(file)
      for (let n = 0; n < 20; n++) yield* log.append(commit(`Product-${n % 7}`, 400))
      let on = true
      let turns = 0
      const appending = Effect.gen(function* () {
        for (; on; turns++) {
          yield* log.append(commit(`Product-${turns % 7}`, 3))
          yield* turn
        }
      })
      const appended = yield* Effect.fork(appending)
      for (let n = 0; n < 3; n++) {
        const head = yield* log.head
        const begun = turns
        const report = yield* verify(file)
        expect(report.problems).toEqual([])
        expect(report.events).toBeGreaterThanOrEqual(head)
        expect(report.streams).toBe(7)
        // Once a page at least: 200 events.
        expect(turns - begun).toBeGreaterThan(8000 / 200)
      }
      on = false
      yield* appended
    })
  )

  it.scopedLive("names the first of several events that are damaged, and looks no further", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* writeLog(file)
      const raw = yield* connect(file)
      raw.exec(
        "drop trigger events_no_update; update events set payload = '{}' where position in (60, 120, 150)"
      )
      const { events, problems } = yield* verify(file)
      expect(events).toBe(60)
      expect(problems.map(Soundness.describe)).toEqual([
        expect.stringMatching(/^event 60 \(\w+, Product-\d version \d+\): its checksum does not fit/),
        "the trigger events_no_update is missing"
      ])
    })
  )
})

describe("what cannot be looked at is a typed error", () => {
  it.scopedLive("a file that is not there; none is made", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const { message, reason } = yield* refusal(file)
      expect(reason).toBe("Unavailable")
      expect(message).toContain(`there is no ${file}`)
      expect(fs.readdirSync(dirname(file))).toEqual([])
    })
  )

  it.scopedLive("a folder", () =>
    Effect.map(Effect.flatMap(folder, refusal), ({ reason }) => expect(reason).toBe("Unavailable"))
  )

  it.scopedLive.each([
    ["a text", "Dear diary, this is no database. ".repeat(100)],
    ["an empty file", ""]
  ] as const)("%s", ([, text]) =>
    Effect.gen(function* () {
      const file = yield* freshFile
      fs.writeFileSync(file, text)
      expect((yield* refusal(file)).reason).toBe("NotADatabase")
    })
  )

  it.scopedLive("a database of another program", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const raw = yield* connect(file)
      raw.exec("create table letters (text)")
      expect((yield* refusal(file)).reason).toBe("NotADatabase")
    })
  )

  it.scopedLive("a log of a newer program", () =>
    Effect.gen(function* () {
      const { file, raw } = yield* sixEvents
      raw.pragma("user_version = 99")
      expect((yield* refusal(file)).reason).toBe("NewerSchema")
    })
  )
})

describe("damage to the file itself", () => {
  it.scopedLive("a page of zeros is found, wherever it is", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* writeLog(file)
      const whole = fs.readFileSync(file)
      const pages = Array.from({ length: whole.length / 4096 }, (_, page) => page * 4096)
      const verdicts = Effect.forEach(
        pages,
        (at) => {
          fs.writeFileSync(`${file}.${at}`, Buffer.from(whole).fill(0, at, at + 4096))
          return Effect.map(verdict(`${file}.${at}`), ({ _tag }) => [at, _tag])
        },
        { concurrency: 4 }
      )
      expect((yield* verdicts).filter(([, verdict]) => verdict === "Sound")).toEqual([])
    })
  )

  it.scopedLive("a file that was cut off is found", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* writeLog(file)
      const whole = fs.readFileSync(file)
      for (const part of [0.1, 0.5, 0.9, 0.99]) {
        fs.writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)))
        expect([part, (yield* verdict(file))._tag]).not.toEqual([part, "Sound"])
      }
    })
  )

  const seed = 20261121

  it.scopedLive(
    "150 bits turned round by SQL are found, each at its event",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        yield* writeLog(`${file}.whole`)
        for (let n = 0; n < 150; n++) {
          replace(file, `${file}.whole`)
          const { column, position } = yield* flipBySql(file)
          const found = yield* verdict(file)
          const what = { n, column, position, found: found._tag }
          expect(what).toMatchObject({ found: "Found" })
          const named = found._tag === "Found" ? found.text : ""
          expect([what, named]).toEqual([
            what,
            expect.stringMatching(
              column === "position"
                ? /it stands where position \d+ is expected$/
                : new RegExp(`^event ${position} \\(`)
            )
          ])
        }
      }).pipe(Effect.withRandom(Random.make(seed))),
    180_000
  )

  it.scopedLive(
    "150 bits turned round in the file are found, or nothing is changed",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        yield* writeLog(`${file}.whole`)
        const before = contents(`${file}.whole`)
        let found = 0
        for (let n = 0; n < 150; n++) {
          replace(file, `${file}.whole`)
          const place = yield* flipInFile(file)
          if ((yield* verdict(file))._tag !== "Sound") found += 1
          // Then it was in bytes that nothing is stored in.
          else expect([n, place, contents(file)?.events]).toEqual([n, place, before?.events])
        }
        expect(found).toBeGreaterThan(100)
      }).pipe(Effect.withRandom(Random.make(seed))),
    180_000
  )
})

/** Puts a copy of a file in a place, and nothing beside it. */
const replace = (file: string, by: string) => {
  for (const suffix of ["-wal", "-shm", "-journal"]) fs.rmSync(file + suffix, { force: true })
  fs.copyFileSync(by, file)
}
