import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { existsSync } from "node:fs"
import * as ProcessName from "../../../src/Layers/sqlite/ProcessName.ts"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLeases from "../../../src/Layers/sqlite/SqliteLeases.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import { connect, freshFile } from "./files.ts"
import { holding } from "./holding.ts"

const open = (filename: string) => {
  const { applicationId, migrations } = SqliteLog
  return SqliteDatabase.open({ filename, applicationId, migrations, durability: "NORMAL" })
}

const openLeases = (filename: string) => Effect.map(open(filename), SqliteLeases.over)

const names = (count: number) => Array.from({ length: count }, (_, index) => `subscriber ${index}`)

const silent = (subscribers: ReadonlyArray<string>) =>
  subscribers.map((subscriber) => ({ subscriber, report: "" }))

describe("leases in a file", () => {
  it.scoped("survive a restart", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const one = [{ subscriber: "balances", report: "at work" }]
      const before = yield* Effect.scoped(
        Effect.gen(function* () {
          const leases = yield* openLeases(file)
          yield* leases.hold("one", "1 minute", one)
          yield* leases.ask("balances", true)
          yield* leases.hold("one", Infinity, silent(["mails"]))
          return yield* leases.all
        })
      )
      expect(before).toEqual([
        {
          subscriber: "balances",
          owner: "one",
          epoch: 1,
          until: 60_000,
          paused: true,
          asked: 1,
          report: "at work"
        },
        {
          subscriber: "mails",
          owner: "one",
          epoch: 1,
          until: 2 ** 53 - 1,
          paused: false,
          asked: 0,
          report: ""
        }
      ])

      const leases = yield* openLeases(file)
      expect(yield* leases.all).toEqual(before)
      yield* TestClock.adjust("59 seconds")
      expect(yield* leases.hold("two", "1 minute", silent(["balances", "mails"]))).toEqual(before)
      yield* TestClock.adjust("1 second")
      expect(yield* leases.hold("two", "1 minute", silent(["balances", "mails"]))).toEqual([
        { ...before[0], owner: "two", epoch: 2, until: 120_000, report: "" },
        before[1]
      ])
    })
  )

  it.scopedLive("go to one owner, whichever of two programs it is in", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const programs = [yield* openLeases(file), yield* openLeases(file)]
      const wanted = names(3)
      for (let round = 1; round <= 10; round += 1) {
        const owners = Array.from({ length: 20 }, (_, index) => `owner ${index} of round ${round}`)
        const answers = yield* Effect.forEach(
          owners,
          (owner, index) =>
            Effect.flatMap(Effect.fromNullable(programs[index % 2]), (leases) =>
              leases.hold(owner, "1 hour", silent(index % 3 === 0 ? wanted : wanted.toReversed()))
            ),
          { concurrency: "unbounded" }
        )
        const [winner = "", ...others] = new Set(answers.flat().map(({ owner }) => owner))
        expect(others).toEqual([])
        expect(owners).toContain(winner)
        for (const leases of programs) {
          const found = (yield* leases.all).map(({ epoch, owner, subscriber }) => [subscriber, owner, epoch])
          expect(found).toEqual(wanted.map((subscriber) => [subscriber, winner, round]))
        }
        yield* Effect.forEach(programs, (leases) => leases.release(winner, wanted))
      }
    })
  )

  it.scopedLive("lose nothing that is asked in two programs at once", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const [one, two] = [yield* openLeases(file), yield* openLeases(file)]
      const ask = Effect.zipRight(one.ask("balances"), two.ask("balances", true))
      yield* Effect.replicateEffect(ask, 20, { concurrency: "unbounded", discard: true })
      expect(yield* one.hold("one", "1 hour", silent(["balances"]))).toMatchObject([
        { asked: 40, paused: true }
      ])
    })
  )

  it.scoped("last their whole duration, however long their owner has waited to write", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const leases = yield* openLeases(file)
      const raw = yield* connect(file)
      raw.exec("begin immediate")
      const waiting = yield* Effect.fork(leases.hold("one", "1 minute", silent(["balances"])))
      yield* TestClock.adjust("200 millis")
      raw.exec("commit")
      yield* TestClock.adjust("100 millis")
      const [lease] = yield* Fiber.join(waiting)
      expect(lease?.until).toBeGreaterThanOrEqual(60_200)
    })
  )

  it.scopedLive("are held in one transaction, however many there are", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const database = yield* open(file)
      let transactions = 0
      const leases = SqliteLeases.over({
        ...database,
        transact: (work) => {
          transactions += 1
          return database.transact(work)
        }
      })
      const held = yield* leases.hold("one", Duration.infinity, silent(names(1_000)))
      expect(held.map(({ subscriber }) => subscriber)).toEqual(names(1_000))
      expect(transactions).toBe(1)
    })
  )

  it.scopedLive("are not written again by whoever is refused", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const leases = yield* openLeases(file)
      const raw = yield* connect(file)
      const written = () => raw.pragma("data_version", { simple: true })
      const fresh = written()
      yield* leases.hold("one", "1 hour", silent(["balances"]))
      const taken = written()
      expect(taken).not.toBe(fresh)
      yield* leases.hold("two", "1 hour", silent(["balances"]))
      yield* leases.release("two", ["balances", "mails"])
      yield* Effect.flip(leases.forget("balances"))
      expect(written()).toBe(taken)
      yield* leases.release("one", ["balances"])
      expect(written()).not.toBe(taken)
    })
  )

  it.scoped("can be read with plain SQL", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const leases = yield* openLeases(file)
      yield* leases.hold("one", "1 minute", [{ subscriber: "balances", report: "at work" }])
      yield* leases.ask("letters")
      yield* leases.forget("letters")
      yield* leases.ask("mails", true)
      const raw = yield* connect(file)
      expect(raw.prepare("select * from leases order by subscriber").all()).toEqual([
        {
          subscriber: "balances",
          owner: "one",
          epoch: 1,
          until: 60_000,
          paused: 0,
          asked: 0,
          report: "at work",
          process: ProcessName.own()
        },
        { ...nobody, subscriber: "letters", until: -1, asked: 1 },
        { ...nobody, subscriber: "mails", until: 0, paused: 1, asked: 1 }
      ])
      expect(() => raw.exec("update leases set epoch = 'none'")).toThrow(/cannot store TEXT/)
    })
  )

  const nobody = { owner: "", epoch: 0, paused: 0, report: "", process: "" }

  const linux = existsSync("/proc/self/stat")
  it.scopedLive.runIf(linux)(
    "are kept by a process that stands still, and free as soon as it was killed",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const leases = yield* openLeases(file)
        const wanted = silent(["balances", "mails"])
        const { kill, name } = yield* holding(file, 3_600_000)
        expect(name).not.toBe("")
        yield* kill("SIGSTOP")
        const [theirs] = yield* leases.hold("here", "1 hour", wanted)
        expect(theirs).toMatchObject({ owner: "there", epoch: 1 })
        expect(yield* leases.all).toMatchObject([theirs, { subscriber: "mails", owner: "here" }])
        yield* kill("SIGKILL")
        // Whoever only looks sees what the next one who wants it would be given.
        expect(yield* leases.all).toMatchObject([{ ...theirs, until: 0 }, { owner: "here" }])
        expect(yield* leases.hold("here", "1 hour", wanted)).toMatchObject([
          { subscriber: "balances", owner: "here", epoch: 2 },
          { subscriber: "mails", owner: "here", epoch: 1 }
        ])
      })
  )

  it.scopedLive.runIf(linux)(
    "of a process that was killed are forgotten at once, and stay so when somebody takes the others",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const leases = yield* openLeases(file)
        const { kill } = yield* holding(file, 3_600_000)
        const raw = yield* connect(file)
        raw.exec(`insert into leases select 'mails', owner, epoch, until, 0, 0, '', process from leases`)
        expect(yield* Effect.flip(leases.forget("mails"))).toMatchObject({
          _tag: "LeaseHeld",
          owner: "there"
        })
        yield* kill("SIGKILL")
        yield* leases.forget("mails")
        yield* leases.hold("here", "1 hour", silent(["balances"]))
        expect(yield* leases.all).toMatchObject([{ subscriber: "balances", owner: "here", epoch: 2 }])
        expect(yield* leases.hold("here", "1 hour", silent(["mails"]))).toMatchObject([{ epoch: 2 }])
      })
  )
})
