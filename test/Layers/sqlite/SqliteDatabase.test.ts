import { describe, expect, it } from "@effect/vitest"
import type { Engine, StoreError } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import * as Somebody from "../../Somebody.ts"
import { folder } from "../Stacks.ts"
import { commit, connect, freshFile, openLog } from "./files.ts"

/** Why a log in this file cannot be opened. */
const refusal = (filename: string) => Effect.flip(Effect.scoped(openLog(filename)))

const write = (filename: string, text: string) => Effect.sync(() => fs.writeFileSync(filename, text))

const change = (filename: string, statement: string) =>
  Effect.scoped(Effect.map(connect(filename), (raw) => raw.exec(statement)))

const open = (filename: string, durability: SqliteDatabase.Durability) => {
  const { applicationId, migrations } = SqliteLog
  return SqliteDatabase.open({ filename, applicationId, migrations, durability })
}

/**
 * Runs as somebody who may not write, because nothing is forbidden to root. The system looks at the effective
 * user, which changes back.
 */
const asSomebody = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  const { getuid, seteuid } = process
  if (getuid === undefined || seteuid === undefined || getuid() !== 0) return effect
  const become = (id: number) => Effect.sync(() => seteuid(id))
  return Effect.acquireUseRelease(
    become(65_534),
    () => effect,
    () => become(0)
  )
}

const stackRefusal = (directory: string) =>
  Effect.flip(Effect.scoped(Layer.build(SqliteStack.layer({ directory }))))

/** The same in a process of somebody else, because the system asks for more than the effective user here. */
const stackRefusalOfSomebody = (directory: string) =>
  Effect.promise(async (): Promise<unknown> => {
    const opens = `
      import { SqliteStack } from "everfold/sqlite"
      import * as Effect from "effect/Effect"
      import * as Layer from "effect/Layer"
      const opened = Effect.scoped(Layer.build(SqliteStack.layer({ directory: process.argv[1] })))
      const { message, transient } = await Effect.runPromise(Effect.flip(opened))
      console.log(JSON.stringify({ message, transient }))`
    const argv = ["--conditions=source", "--import", "tsx", "--input-type=module", "--eval", opens, directory]
    const { stdout } = await promisify(execFile)(process.execPath, argv, Somebody.options)
    return JSON.parse(stdout)
  })

describe("what is wrong with a file is a typed error", () => {
  it.scopedLive("a text file is no database", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* write(file, "Dear diary, this is no database. ".repeat(100))
      const { message, reason } = yield* refusal(file)
      expect(reason).toBe("NotADatabase")
      expect(message).toContain(file)
      expect(fs.readFileSync(file, "utf8")).toMatch(/^Dear diary/)
    })
  )

  it.scopedLive("a database of another program is left as it is", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* change(file, "create table events (note text); insert into events values ('theirs')")
      expect((yield* refusal(file)).reason).toBe("NotADatabase")
      const raw = yield* connect(file)
      expect(raw.prepare("select * from events").all()).toEqual([{ note: "theirs" }])
      expect(raw.prepare("select count(*) from sqlite_schema").pluck().get()).toBe(1)
      expect(raw.pragma("journal_mode", { simple: true })).toBe("delete")
    })
  )

  it.scopedLive("an empty database that another program has marked is another program's", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* change(file, "pragma application_id = 42")
      expect((yield* refusal(file)).reason).toBe("NotADatabase")
    })
  )

  it.scopedLive("a read database is no log", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(Layer.build(SqliteStack.readDatabase(file)))
      expect((yield* refusal(file)).reason).toBe("NotADatabase")
    })
  )

  it.scopedLive("a file of a newer version is not touched", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(openLog(file))
      yield* change(file, `pragma user_version = ${SqliteLog.migrations.length + 1}`)
      const { message, reason } = yield* refusal(file)
      expect(reason).toBe("NewerSchema")
      expect(message).toContain(`version ${SqliteLog.migrations.length + 1}`)
      yield* change(file, `pragma user_version = ${SqliteLog.migrations.length}`)
      expect(yield* Effect.flatMap(openLog(file), (log) => log.head)).toBe(0)
    })
  )

  it.scopedLive("a damaged file is Corrupt", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(Effect.flatMap(openLog(file), (log) => log.append(commit("Product-1", 500))))
      const bytes = fs.readFileSync(file)
      fs.writeFileSync(file, bytes.fill(0xa5, 4096 * 3))
      const log = yield* openLog(file)
      expect((yield* Effect.flip(log.readAll({}))).reason).toBe("Corrupt")
    })
  )

  it.scopedLive("a folder in the place of the file is Unavailable", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      fs.mkdirSync(file)
      expect((yield* refusal(file)).reason).toBe("Unavailable")
    })
  )

  it.scopedLive("a missing folder is Unavailable; a stack makes it", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "not", "there", "yet")
      expect((yield* refusal(join(directory, "log.db"))).reason).toBe("Unavailable")
      yield* Effect.scoped(Layer.build(SqliteStack.layer({ directory })))
      expect(fs.readdirSync(directory)).toEqual(expect.arrayContaining(["log.db", "read.db"]))
    })
  )

  it.scopedLive("a file in the place of the folder is said to be one, for the stack too", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* write(file, "")
      const message = `NotADatabase: ${file} is a file, not a folder`
      expect(yield* refusal(join(file, "log.db"))).toMatchObject({ message, transient: false })
      for (const directory of [file, join(file, "below"), join(file, "far", "below")])
        expect(yield* stackRefusal(directory)).toMatchObject({ message, transient: false })
    })
  )

  it.scopedLive("a folder without a name is refused for good", () =>
    Effect.gen(function* () {
      const error = yield* stackRefusal("")
      expect(error).toMatchObject({ message: "Invalid: a folder has a name", transient: false })
    })
  )

  it.scopedLive("a file that may not be written is ReadOnly", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(openLog(file))
      fs.chmodSync(dirname(file), 0o555)
      fs.chmodSync(file, 0o444)
      const { reason } = yield* asSomebody(refusal(file))
      fs.chmodSync(dirname(file), 0o755)
      expect(reason).toBe("ReadOnly")
    })
  )

  it.scopedLive.runIf(Somebody.canRun)(
    "a folder that may not be written is ReadOnly, and so is one that cannot be made in it",
    () =>
      Effect.gen(function* () {
        const directory = yield* folder
        fs.chmodSync(directory, 0o555)
        const message = `ReadOnly: the folder ${directory} may not be written`
        for (const place of [directory, join(directory, "below")])
          expect(yield* stackRefusalOfSomebody(place)).toEqual({ message, transient: false })
        fs.chmodSync(directory, 0o755)
        expect(fs.readdirSync(directory)).toEqual([])
      })
  )

  it.scopedLive("a stack does not come up halfway: a bad read database fails it as a whole", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* write(join(directory, "read.db"), "no database ".repeat(100))
      const stack: Layer.Layer<Engine.Stack, StoreError.StoreError> = SqliteStack.layer({ directory })
      const error = yield* Effect.flip(Effect.scoped(Layer.build(stack)))
      expect(error.reason).toBe("NotADatabase")
      expect(error.message).toContain("read.db")
    })
  )
})

describe("a connection is set up as it must be", () => {
  const pragmas = (durability: SqliteDatabase.Durability) =>
    Effect.gen(function* () {
      const { read, write } = yield* open(yield* freshFile, durability)
      const ask = <E>(
        names: ReadonlyArray<string>,
        query: (statement: string) => Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>, E>
      ) =>
        Effect.forEach(names, (name) =>
          Effect.map(query(`pragma ${name}`), ([row]) => [name, row?.[0]] as const)
        )
      const writer = yield* write.run((connection) =>
        ask(["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout"], (statement) =>
          connection.executeValues(statement, [])
        )
      )
      const reader = yield* ask(["trusted_schema", "busy_timeout"], (statement) => read(statement, []))
      return { writer: Object.fromEntries(writer), reader: Object.fromEntries(reader) }
    })
  const writer = { journal_mode: "wal", synchronous: 2, foreign_keys: 1, trusted_schema: 0, busy_timeout: 10 }
  const reader = { trusted_schema: 0, busy_timeout: 10 }

  it.scopedLive("FULL: a return survives a power cut", () =>
    Effect.map(pragmas("FULL"), (found) => expect(found).toEqual({ writer, reader }))
  )

  it.scopedLive("NORMAL: only when it is asked for", () =>
    Effect.map(pragmas("NORMAL"), (found) =>
      expect(found).toEqual({ writer: { ...writer, synchronous: 1 }, reader })
    )
  )

  it.scopedLive("the reading connection refuses to write, also when it is asked to forget that", () =>
    Effect.gen(function* () {
      const { read } = yield* open(yield* freshFile, "NORMAL")
      yield* read("pragma query_only = off", [])
      const error = yield* Effect.flip(read("delete from checkpoints", []))
      expect(error.reason).toBe("ReadOnly")
    })
  )

  it.scopedLive("nobody sees what is not committed", () =>
    Effect.gen(function* () {
      const { look, write } = yield* open(yield* freshFile, "NORMAL")
      const subscribers = look(({ values }) => values("select subscriber from checkpoints", []))
      const inside = yield* write.run((connection) =>
        Effect.zipRight(
          connection.executeRaw(
            "insert into checkpoints (subscriber, position, epoch) values ('a', 1, 0)",
            []
          ),
          subscribers
        )
      )
      expect([inside, yield* subscribers]).toEqual([[], [["a"]]])
    })
  )
})
