import { describe, expect, it } from "@effect/vitest"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import { StoreError } from "everfold"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as WriteTransaction from "../../../src/Layers/sql/WriteTransaction.ts"
import * as Turn from "../../../src/Layers/Turn.ts"
import * as SqliteConnection from "../../../src/Layers/sqlite/SqliteConnection.ts"
import * as SqliteFailure from "../../../src/Layers/sqlite/SqliteFailure.ts"
import * as SqliteSession from "../../../src/Layers/sqlite/SqliteSession.ts"

/** A database in memory with notes, and with children whose parents are looked for at the COMMIT only. */
const scratch = Effect.gen(function* () {
  const session = yield* Effect.acquireRelease(
    Effect.sync(() => SqliteSession.open(":memory:", false)),
    ({ close }) => Effect.sync(close)
  )
  const connection = SqliteConnection.over(session)
  for (const statement of [
    "pragma foreign_keys = on",
    "create table notes (note text primary key)",
    "create table children (parent text references notes (note) deferrable initially deferred)"
  ]) {
    yield* connection.executeRaw(statement, [])
  }
  const storeError = SqliteFailure.storeError("scratch")
  const { run } = WriteTransaction.make({
    connection,
    turn: Turn.make(),
    begin: "BEGIN IMMEDIATE",
    storeError,
    isInside: session.inTransaction
  })
  const notes = Effect.map(connection.executeValues("select note from notes order by note", []), (rows) =>
    rows.map(([note]) => note)
  )
  return { connection, run, notes }
})

const add = (connection: Connection, note: string) =>
  connection.executeRaw("insert into notes values (?)", [note])

/** A connection that keeps its statements, and fails at some of them instead of doing them. */
const stub = (fails: (statement: string, count: number) => string | undefined, inside = false) => {
  const statements: Array<string> = []
  const execute = (statement: string) =>
    Effect.suspend(() => {
      statements.push(statement)
      const message = fails(statement, statements.filter((one) => one === statement).length)
      if (message !== undefined) return Effect.fail(new SqlError({ cause: new Error(message) }))
      if (statement === "BEGIN") inside = true
      if (statement === "COMMIT" || statement === "ROLLBACK") inside = false
      return Effect.succeed([])
    })
  const connection: Connection = {
    execute,
    executeRaw: execute,
    executeValues: execute,
    executeUnprepared: execute,
    executeStream: () => Stream.empty
  }
  const storeError = ({ cause }: SqlError) =>
    StoreError.make(
      String(cause).includes("busy") ? "Busy" : String(cause).includes("I/O") ? "Unavailable" : "Full",
      String(cause)
    )
  const { run } = WriteTransaction.make({
    connection,
    turn: Turn.make(),
    begin: "BEGIN",
    storeError,
    isInside: () => inside
  })
  return { run, statements }
}

describe("a transaction ends in one of two ways", () => {
  it.scoped("commits when the body succeeds, and returns its result", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      expect(yield* run((connection) => Effect.as(add(connection, "a"), 42))).toBe(42)
      expect(yield* notes).toEqual(["a"])
    })
  )

  const failures: ReadonlyArray<readonly [string, Effect.Effect<never, string>]> = [
    ["fails", Effect.fail("no")],
    ["dies", Effect.die("no")],
    ["is interrupted", Effect.interrupt]
  ]
  for (const [what, end] of failures) {
    it.scoped(`rolls back when the body ${what}, hands that on, and the next one works`, () =>
      Effect.gen(function* () {
        const { connection, notes, run } = yield* scratch
        const exit = yield* Effect.exit(run((connection) => Effect.zipRight(add(connection, "a"), end)))
        expect(exit).toStrictEqual(yield* Effect.exit(end))
        yield* run((connection) => add(connection, "b"))
        expect(yield* notes).toEqual(["b"])
        expect(Exit.isSuccess(yield* Effect.exit(connection.executeRaw("begin", [])))).toBe(true)
      })
    )
  }

  it.scoped("rolls back when the body throws before it is an Effect", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      const broken = (): Effect.Effect<void> => {
        throw new Error("a bug")
      }
      const exit = yield* Effect.exit(run(broken))
      expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toContain("a bug")
      yield* run((connection) => add(connection, "b"))
      expect(yield* notes).toEqual(["b"])
    })
  )

  it.scoped("rolls back when the caller is interrupted in the middle", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      const inside = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(
        run((connection) =>
          Effect.zipRight(
            add(connection, "a"),
            Effect.zipRight(Deferred.succeed(inside, undefined), Effect.never)
          )
        )
      )
      yield* Deferred.await(inside)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      expect(yield* notes).toEqual([])
      yield* run((connection) => add(connection, "b"))
      expect(yield* notes).toEqual(["b"])
    })
  )

  it.scoped("an error of a statement is typed, and the body may go on after it", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      yield* run((connection) => add(connection, "a"))
      const error = yield* Effect.flip(run((connection) => add(connection, "a")))
      expect(error.reason).toBe("Invalid")
      yield* run((connection) => Effect.orElse(add(connection, "a"), () => add(connection, "b")))
      expect(yield* notes).toEqual(["a", "b"])
    })
  )
})

describe("a COMMIT that fails", () => {
  it.scoped("is a typed error, writes nothing, and the next transaction works", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      const orphan = run((connection) =>
        Effect.zipRight(
          add(connection, "a"),
          connection.executeRaw("insert into children values ('nobody')", [])
        )
      )
      const exit = yield* Effect.exit(orphan)
      expect(Exit.isFailure(exit) && Cause.failureOption(exit.cause)).toMatchObject({
        value: { _tag: "StoreError", reason: "Invalid" }
      })
      expect(yield* notes).toEqual([])
      yield* run((connection) => add(connection, "b"))
      expect(yield* notes).toEqual(["b"])
    })
  )

  it.scoped("is rolled back, once", () =>
    Effect.gen(function* () {
      const { run, statements } = stub((statement, count) =>
        statement === "COMMIT" && count === 1 ? "disk full" : undefined
      )
      const error = yield* Effect.flip(run(() => Effect.void))
      expect(error.reason).toBe("Full")
      expect(statements).toEqual(["BEGIN", "COMMIT", "ROLLBACK"])
      yield* run(() => Effect.void)
      expect(statements.slice(3)).toEqual(["BEGIN", "COMMIT"])
    })
  )
})

describe("what cannot be known or undone", () => {
  it.scoped("a COMMIT whose outcome nobody knows says so", () =>
    Effect.gen(function* () {
      const { run } = stub((statement) => (statement === "COMMIT" ? "disk I/O error" : undefined))
      expect((yield* Effect.flip(run(() => Effect.void))).reason).toBe("OutcomeUnknown")
    })
  )

  it.scoped("a ROLLBACK that fails is made good before the next transaction", () =>
    Effect.gen(function* () {
      const { run, statements } = stub((statement, count) =>
        statement === "ROLLBACK" && count === 1 ? "disk I/O error" : undefined
      )
      yield* Effect.flip(run(() => Effect.fail("no")))
      yield* run(() => Effect.void)
      yield* run(() => Effect.void)
      expect(statements.join(" ")).toBe("BEGIN ROLLBACK ROLLBACK BEGIN COMMIT BEGIN COMMIT")
    })
  )

  it.scoped(
    "what somebody else has left open on the connection is rolled back before the next transaction",
    () =>
      Effect.gen(function* () {
        const { run, statements } = stub(() => undefined, true)
        yield* run(() => Effect.void)
        expect(statements).toEqual(["ROLLBACK", "BEGIN", "COMMIT"])
      })
  )
})

describe("a BEGIN that fails", () => {
  it.scoped("is a typed error, the body does not run, and the next transaction works", () =>
    Effect.gen(function* () {
      const { run, statements } = stub((statement, count) =>
        statement === "BEGIN" && count === 1 ? "disk full" : undefined
      )
      let ran = 0
      const body = () => Effect.sync(() => ++ran)
      expect((yield* Effect.flip(run(body))).reason).toBe("Full")
      expect(ran).toBe(0)
      expect(yield* run(body)).toBe(1)
      expect(statements).toEqual(["BEGIN", "BEGIN", "COMMIT"])
    })
  )

  it.scopedLive("because the database is busy is tried again", () =>
    Effect.gen(function* () {
      const { run, statements } = stub((statement, count) =>
        statement === "BEGIN" && count < 4 ? "busy" : undefined
      )
      yield* run(() => Effect.void)
      expect(statements).toEqual(["BEGIN", "BEGIN", "BEGIN", "BEGIN", "COMMIT"])
    })
  )
})

describe("one at a time", () => {
  it.scoped("two transactions never overlap", () =>
    Effect.gen(function* () {
      const { run, statements } = stub(() => undefined)
      const one = (name: string) =>
        run((connection) =>
          Effect.forEach([1, 2, 3], (n) =>
            Effect.zipRight(connection.executeRaw(`${name}${n}`, []), Effect.yieldNow())
          )
        )
      yield* Effect.all([one("a"), one("b"), one("c")], { concurrency: 3 })
      const whole = (name: string) => ["BEGIN", `${name}1`, `${name}2`, `${name}3`, "COMMIT"]
      expect(statements).toEqual([...whole("a"), ...whole("b"), ...whole("c")])
    })
  )

  it.scoped("whoever waits for a turn can be interrupted, and others go on", () =>
    Effect.gen(function* () {
      const { run, statements } = stub(() => undefined)
      const [inside, leave] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const first = yield* Effect.fork(
        run(() => Effect.zipRight(Deferred.succeed(inside, undefined), Deferred.await(leave)))
      )
      yield* Deferred.await(inside)
      const second = yield* Effect.fork(run((connection) => connection.executeRaw("never", [])))
      const third = yield* Effect.fork(run((connection) => connection.executeRaw("third", [])))
      yield* Effect.yieldNow()
      expect(Exit.isInterrupted(yield* Fiber.interrupt(second))).toBe(true)
      yield* Deferred.succeed(leave, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(third)
      expect(statements).toEqual(["BEGIN", "COMMIT", "BEGIN", "third", "COMMIT"])
    })
  )

  it.scoped("a connection that was kept refuses to work after the end", () =>
    Effect.gen(function* () {
      const { notes, run } = yield* scratch
      const kept = yield* run((connection) => Effect.succeed(connection))
      const uses = [
        kept.executeRaw("insert into notes values ('late')", []),
        kept.executeValues("select 1", []),
        kept.execute("select 1", [], undefined),
        kept.executeUnprepared("insert into notes values ('late')", [], undefined)
      ]
      for (const use of uses) expect((yield* Effect.flip(use)).message).toContain("has ended")
      const other = run((connection) =>
        Effect.zipRight(add(connection, "in time"), Effect.flip(add(kept, "late")))
      )
      expect((yield* other).message).toContain("has ended")
      expect(yield* notes).toEqual(["in time"])
    })
  )
})
