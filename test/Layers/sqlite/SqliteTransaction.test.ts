import { describe, expect, it } from "@effect/vitest"
import { StoreError } from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Session } from "../../../src/Layers/sqlite/SqliteSession.ts"
import * as SqliteSession from "../../../src/Layers/sqlite/SqliteSession.ts"
import * as SqliteTransaction from "../../../src/Layers/sqlite/SqliteTransaction.ts"
import * as Turn from "../../../src/Layers/Turn.ts"
import { errors, hurry } from "../Stacks.ts"

/** A database in memory with notes, and with children whose parents are looked for at the COMMIT only. */
const scratch = (check: () => void = () => undefined) =>
  Effect.gen(function* () {
    const session = yield* Effect.acquireRelease(
      Effect.sync(() => SqliteSession.open(":memory:", false)),
      ({ close }) => Effect.sync(close)
    )
    for (const statement of [
      "pragma foreign_keys = on",
      "create table notes (note text primary key)",
      "create table children (parent text references notes (note) deferrable initially deferred)"
    ]) {
      session.values(statement, [])
    }
    const transact = SqliteTransaction.make({ filename: "scratch", session, turn: Turn.make(), check })
    const notes = () => session.values("select note from notes order by note", []).map(([note]) => note)
    return { transact, notes, session }
  })

const add = ({ values }: Session, note: string) => values("insert into notes values (?)", [note])

/** A session that keeps its statements, and throws at some of them, done or not. */
const stub = (throws: (statement: string, count: number) => string | undefined) => {
  const statements: Array<string> = []
  let inside = false
  const values = (statement: string) => {
    statements.push(statement)
    const code = throws(statement, statements.filter((one) => one === statement).length)
    if (code !== undefined) throw Object.assign(new Error(statement), { code })
    if (statement === "BEGIN IMMEDIATE") inside = true
    if (statement === "COMMIT" || statement === "ROLLBACK") inside = false
    return []
  }
  const session: Session = {
    values,
    prepared: () => {
      throw new Error("nobody needs it")
    },
    inTransaction: () => inside,
    close: () => undefined
  }
  const turn = Turn.make()
  const check = () => undefined
  return { statements, turn, transact: SqliteTransaction.make({ filename: "stub", session, turn, check }) }
}

const nothing = () => undefined

describe("plain calls in a transaction", () => {
  it.scoped("are committed when they return", () =>
    Effect.gen(function* () {
      const { notes, session, transact } = yield* scratch()
      const result = transact((given, now) => {
        add(given, "a")
        return now
      })
      expect(yield* result).toBe(0)
      expect([notes(), session.inTransaction()]).toEqual([["a"], false])
    })
  )

  it.scoped("are rolled back when they throw, and the next ones work", () =>
    Effect.gen(function* () {
      const { notes, session, transact } = yield* scratch()
      const failed = transact((given) => {
        add(given, "a")
        add(given, "a")
      })
      expect((yield* Effect.flip(failed)).reason).toBe("Invalid")
      expect([notes(), session.inTransaction()]).toEqual([[], false])
      yield* transact((given) => add(given, "b"))
      expect(notes()).toEqual(["b"])
    })
  )

  it.scoped("do not begin when nothing may be written", () =>
    Effect.gen(function* () {
      const { notes, transact } = yield* scratch(() => {
        throw StoreError.make("ReadOnly", "the file is gone")
      })
      expect((yield* Effect.flip(transact((given) => add(given, "a")))).reason).toBe("ReadOnly")
      expect(notes()).toEqual([])
    })
  )

  it.effect("wait for whoever writes on the same connection, and the wait can be interrupted", () =>
    Effect.gen(function* () {
      const { statements, transact, turn } = stub(nothing)
      const end = yield* Deferred.make<void>()
      const other = yield* Effect.fork(turn.take(() => Deferred.await(end)))
      yield* Effect.yieldNow()
      const leaver = yield* Effect.fork(transact(() => "never"))
      const stayer = yield* Effect.fork(transact(() => "done"))
      yield* Effect.yieldNow()
      expect(Exit.isInterrupted(yield* Fiber.interrupt(leaver))).toBe(true)
      expect(statements).toEqual([])
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(other)
      expect(yield* Fiber.join(stayer)).toBe("done")
      expect(statements).toEqual(["BEGIN IMMEDIATE", "COMMIT"])
    })
  )
})

describe("a COMMIT that fails", () => {
  it.scoped("is a typed error, writes nothing, and the next transaction works", () =>
    Effect.gen(function* () {
      const { notes, transact } = yield* scratch()
      const orphan = transact((given) => {
        add(given, "a")
        given.values("insert into children values ('nobody')", [])
      })
      expect((yield* Effect.flip(orphan)).reason).toBe("Invalid")
      expect(notes()).toEqual([])
      yield* transact((given) => add(given, "b"))
      expect(notes()).toEqual(["b"])
    })
  )

  it.effect("is rolled back, once", () =>
    Effect.gen(function* () {
      const { statements, transact } = stub((statement, count) =>
        statement === "COMMIT" && count === 1 ? "SQLITE_FULL" : undefined
      )
      expect((yield* Effect.flip(transact(nothing))).reason).toBe("Full")
      yield* transact(nothing)
      expect(statements.join(" ")).toBe("BEGIN IMMEDIATE COMMIT ROLLBACK BEGIN IMMEDIATE COMMIT")
    })
  )

  it.effect("and may have happened says so", () =>
    Effect.gen(function* () {
      const { transact } = stub((statement) => (statement === "COMMIT" ? "SQLITE_IOERR" : undefined))
      expect((yield* Effect.flip(transact(nothing))).reason).toBe("OutcomeUnknown")
    })
  )
})

describe("a ROLLBACK that fails", () => {
  it.effect("is told, and made good before the next transaction", () => {
    const { layer, lines } = errors()
    return Effect.gen(function* () {
      const { statements, transact } = stub((statement, count) =>
        statement === "ROLLBACK" && count === 1 ? "SQLITE_IOERR" : undefined
      )
      const broken = transact(() => {
        throw new Error("a bug")
      })
      yield* Effect.flip(broken)
      expect(lines.filter((line) => line.includes("could not be rolled back"))).toHaveLength(1)
      yield* transact(nothing)
      yield* transact(nothing)
      const one = "BEGIN IMMEDIATE COMMIT"
      expect(statements.join(" ")).toBe(`BEGIN IMMEDIATE ROLLBACK ROLLBACK ${one} ${one}`)
    }).pipe(Effect.provide(layer))
  })
})

describe("a BEGIN that fails", () => {
  it.effect("is a typed error, nothing is done, and the next transaction works", () =>
    Effect.gen(function* () {
      const { transact } = stub((statement, count) =>
        statement === "BEGIN IMMEDIATE" && count === 1 ? "SQLITE_FULL" : undefined
      )
      let ran = 0
      expect((yield* Effect.flip(transact(() => ++ran))).reason).toBe("Full")
      expect(yield* transact(() => ++ran)).toBe(1)
    })
  )

  it.scoped("because somebody else has the lock is tried again; nothing else is", () =>
    Effect.gen(function* () {
      yield* hurry
      const { statements, transact } = stub((statement, count) =>
        statement === "BEGIN IMMEDIATE" && count < 4 ? "SQLITE_BUSY" : undefined
      )
      let ran = 0
      const busyInside = transact(() => {
        ran += 1
        throw Object.assign(new Error("inside"), { code: "SQLITE_BUSY" })
      })
      expect((yield* Effect.flip(busyInside)).reason).toBe("Busy")
      expect([ran, statements.length]).toEqual([1, 5])
    })
  )
})
