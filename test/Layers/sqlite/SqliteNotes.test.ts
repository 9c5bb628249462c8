import { describe, expect, it } from "@effect/vitest"
import type { Commit, Notes } from "everfold"
import { QueueDoorbell } from "everfold"
import { SqliteBackup, SqliteEventStore } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { join } from "node:path"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import * as SqliteNotes from "../../../src/Layers/sqlite/SqliteNotes.ts"
import { folder } from "../Stacks.ts"
import { commit, connect, freshFile } from "./files.ts"

const openDatabase = (filename: string) => {
  const { applicationId, migrations } = SqliteLog
  return SqliteDatabase.open({ filename, applicationId, migrations, durability: "NORMAL" })
}

/** A log, and the notes in it. */
const open = (filename: string) =>
  Effect.gen(function* () {
    const database = yield* openDatabase(filename)
    const log = yield* SqliteEventStore.over(database).pipe(Effect.provide(QueueDoorbell.layer))
    const notes = SqliteNotes.over(database)
    const take = (step: Partial<Commit.Advance>) =>
      log.append({ id: "", metadata: {}, parts: [], advance: { ...start, ...step } })
    const found = notes.find({ subscriber: "letters", kind: "parked", limit: 10_000 })
    return { log, take, found }
  })

const start = { subscriber: "letters", from: 0, to: 0 }
const note = (order: number, value = "{}") => ({ kind: "parked", key: "Account-alice", order, value })
const notesOf = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => note(from + index))

describe("notes in a file", () => {
  it.scopedLive("survive a restart with the checkpoint and its epoch", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const text = JSON.stringify("' \" 😀 \u0000 \n")
      yield* Effect.scoped(
        Effect.flatMap(open(file), ({ take }) =>
          take({ to: 7, epoch: 3, keep: [note(0, text), note(1_790_000_000_000)] })
        )
      )
      const { found, log, take } = yield* open(file)
      expect(yield* found).toEqual([note(0, text), note(1_790_000_000_000)])
      expect(yield* log.checkpoint("letters")).toBe(7)
      const former = yield* Effect.flip(take({ from: 7, to: 8, epoch: 2, drop: [note(0)] }))
      expect(former._tag).toBe("CheckpointMoved")
      yield* take({ from: 7, to: 8, epoch: 3, drop: [note(0)] })
      expect(yield* found).toEqual([note(1_790_000_000_000)])
    })
  )

  it.scopedLive("are in a copy of the log, and in a log that is restored from it", () =>
    Effect.gen(function* () {
      const [directory, elsewhere] = [yield* folder, yield* folder]
      const copy = join(yield* folder, "copy.db")
      const { take } = yield* open(join(directory, "log.db"))
      yield* take({ to: 0, epoch: 3, keep: notesOf(1, 500) })
      yield* SqliteBackup.backup({ directory, to: copy })
      yield* take({ drop: [note(1)], keep: [note(2, "later")] })
      const { report } = yield* SqliteBackup.restore({ from: copy, directory: elsewhere })
      expect(report.problems).toEqual([])
      const restored = yield* open(join(elsewhere, "log.db"))
      expect(yield* restored.found).toEqual(notesOf(1, 500))
      expect((yield* Effect.flip(restored.take({ epoch: 2 })))._tag).toBe("CheckpointMoved")
      yield* restored.take({ epoch: 3, drop: notesOf(1, 499) })
      expect(yield* restored.found).toEqual([note(500)])
    })
  )

  it.scopedLive("are dropped once, whichever of two programs does it", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const [one, two] = [yield* open(file), yield* open(file)]
      for (const round of [1, 2, 3, 4, 5]) {
        yield* one.take({ keep: [note(round)] })
        const outcomes = yield* Effect.forEach(
          Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two)),
          ({ log }, index) =>
            Effect.either(
              log.append({
                ...commit("Product-1", 1),
                advance: { ...start, drop: [note(round)], keep: [note(100 + round, `of ${index}`)] }
              })
            ),
          { concurrency: "unbounded" }
        )
        const winners = outcomes.flatMap((outcome, index) => (Either.isRight(outcome) ? [index] : []))
        expect(winners).toHaveLength(1)
        const lost = outcomes.filter(Either.isLeft).map(({ left }) => left._tag)
        expect(new Set(lost)).toEqual(new Set(["CheckpointMoved"]))
        for (const { found } of [one, two]) {
          expect((yield* found).at(-1)).toEqual(note(100 + round, `of ${winners.join()}`))
        }
      }
      expect(yield* one.log.head).toBe(5)
      expect(yield* two.found).toHaveLength(5)
    })
  )

  it.scopedLive.each([
    "before insert on checkpoints when new.position = 1",
    "before insert on notes when new.sequence = 3",
    "before delete on notes"
  ])("are written with everything else of their commit, or not at all: %s", (trigger) =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const { found, log, take } = yield* open(file)
      yield* take({ keep: notesOf(1, 2) })
      const raw = yield* connect(file)
      raw.exec(`create trigger crash ${trigger} begin select raise(abort, 'crash'); end`)
      const advance = { ...start, to: 1, drop: [note(1)], keep: [note(2, "another"), note(3)] }
      const error = yield* Effect.flip(log.append({ ...commit("Product-1", 2), advance }))
      expect(error._tag).toBe("StoreError")
      expect(yield* found).toEqual(notesOf(1, 2))
      expect([yield* log.head, yield* log.checkpoint("letters")]).toEqual([0, 0])
      raw.exec("drop trigger crash")
      yield* log.append({ ...commit("Product-1", 2), advance })
      expect(yield* found).toEqual([note(2, "another"), note(3)])
      expect([yield* log.head, yield* log.checkpoint("letters")]).toEqual([2, 1])
    })
  )

  it.scopedLive.each<[what: string, query: Partial<Notes.Query>, index: RegExp]>([
    ["all", {}, /^SEARCH notes USING INDEX notes_in_order \(subscriber=\? AND kind=\?/],
    ["a page", { after: note(5), limit: 3 }, /^SEARCH .* notes_in_order .* AND \(sequence,key\)>\(\?,\?\)/],
    ["what is due", { upTo: 5 }, /^SEARCH .* notes_in_order .* AND sequence<\?\)/],
    [
      "those of one key",
      { key: "Account-alice" },
      /^SEARCH notes USING PRIMARY KEY \(subscriber=\? AND kind=\? AND key=\?/
    ]
  ])("are found by an index, in its order: %s", ([, query, index]) =>
    Effect.gen(function* () {
      const database = yield* openDatabase(yield* freshFile)
      const plans: Array<string> = []
      const notes = SqliteNotes.over({
        ...database,
        read: (sql, params) =>
          Effect.zipRight(
            Effect.map(database.read(`explain query plan ${sql}`, params), (rows) => {
              plans.push(...rows.map((row) => String(row[3])))
            }),
            database.read(sql, params)
          )
      })
      yield* notes.find({ subscriber: "letters", kind: "parked", ...query })
      expect(plans).toEqual([expect.stringMatching(index)])
    })
  )

  it.scopedLive("can be read with plain SQL", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const { take } = yield* open(file)
      yield* take({ to: 4, epoch: 2, keep: [note(4, '{"reason":"no such account"}')] })
      const raw = yield* connect(file)
      expect(raw.prepare("select * from checkpoints").all()).toEqual([
        { subscriber: "letters", position: 4, epoch: 2 }
      ])
      const reasons = raw.prepare("select key, sequence, value ->> 'reason' as reason from notes").all()
      expect(reasons).toEqual([{ key: "Account-alice", sequence: 4, reason: "no such account" }])
    })
  )
})
