/** A subscriber that is a hundred times slower than others, and a listener that never takes: nobody else notices. */
import {
  EventStore,
  Expected,
  Message,
  MessageBus,
  Projection,
  Projector,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { tmpdir } from "node:os"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Driver from "../Driver.ts"
import type { Fault } from "../Fault.ts"
import * as Life from "../subscribers/Life.ts"
import type { Stores } from "../subscribers/Place.ts"
import * as Place from "../subscribers/Place.ts"
import * as Writers from "./Writers.ts"

/** Each run is another 20,000 events of one program. */
export const fault: Fault = {
  name: "slow",
  title: "a slow subscriber and a stuck listener",
  full: 10,
  ci: 3,
  run: ({ runs }) =>
    Effect.gen(function* () {
      const count = runs * eventsOfARun
      const alone = yield* program(count, false)
      const accompanied = yield* program(count, true)
      const grown = accompanied.memory - alone.memory
      const limit = Math.min(100_000_000, bytesOfAnEvent * count)
      return {
        runs,
        violations: [
          ...Writers.differences(alone.writers, accompanied.writers),
          ...(alone.writers.statements().size < 3 ? ["no statements of the writer were seen"] : []),
          ...(grown < limit
            ? []
            : [`memory has grown by ${megabytes(grown)}; ${megabytes(limit)} is the limit`]),
          ...(accompanied.slow > 0 && accompanied.slow <= count / 100 + 1
            ? []
            : [`the slow one has dealt with ${accompanied.slow} of ${count} events by then`])
        ],
        lines: [
          `${count.toLocaleString("en")} events; the slow one is at ${accompanied.slow}, memory ${megabytes(grown)}`,
          ...Array.from(
            alone.writers.statements(),
            ([sql, times]) => `${String(times).padStart(6)} ${sql.slice(0, 60)}`
          )
        ]
      }
    }).pipe(Effect.timeout("3 minutes"))
}

// internal

const eventsOfARun = 20_000
const eventsOfACommit = 100

/** More than the bus keeps for those who are behind, and less than the events need. */
const bytesOfAnEvent = 400

const payment = { accountId: Schema.String, amount: Schema.Int, memo: Schema.String }
class Paid extends Message.Struct<Paid>()("Paid", payment) {}

const Totals = Projection.make("totals", {
  row: Schema.Struct({ total: Schema.Int }),
  events: [Paid],
  key: ({ accountId }) => accountId
}).on({ Paid: (row, { amount }) => ({ total: (row?.total ?? 0) + amount }) })

/** For each event that one subscriber deals with the others deal with a hundred; a listener takes one, and no more. */
const company = (dealt: () => void) => {
  const slow = Subscriber.make("slow", { events: [Paid] }).on({
    Paid: (_, { position }) =>
      Effect.zipRight(Subscriptions.reached(Totals, { position: position * 100 }), Effect.sync(dealt))
  })
  const stuck = Stream.runForEach(MessageBus.listen([Paid]), () => Effect.never)
  return Layer.merge(
    Subscriber.layer(slow, { timeout: "1 day" }),
    Layer.scopedDiscard(Effect.forkScoped(stuck))
  )
}

/** Writes events and waits until the projection has them all, in company or alone. */
const program = (count: number, inCompany: boolean) =>
  Effect.gen(function* () {
    const writers = Writers.make("log.db")
    const stores = yield* Effect.flatMap(Place.folderIn(tmpdir()), Place.openIn)
    const totals = Projector.layer(Totals)
    let slow = 0
    const others = company(() => slow++)
    const subscribers = inCompany ? Layer.provideMerge(others, totals) : totals
    const running = yield* Life.start(stores, { subscribers })
    const before = memory()
    watch = writers.see
    yield* write(stores, count)
    watch = () => undefined
    for (const one of yield* Context.get(running, Subscriptions.Subscriptions).all) {
      if ((yield* one.state).name === Totals.name) yield* one.reached(count)
    }
    return { writers, memory: memory() - before, slow }
  }).pipe(Effect.scoped)

const write = ({ ports }: Stores, count: number) => {
  const { append } = Context.get(ports, EventStore.EventStore)
  const commit = (number: number) => {
    const accountId = `account-${number % 100}`
    const payload = JSON.stringify({ accountId, amount: 1, memo: `${number} `.padEnd(400, "~") })
    const events = Array.from({ length: eventsOfACommit }, () => ({ type: "Paid", revision: 1, payload }))
    return append({
      id: `commit-${number}`,
      metadata: {},
      parts: [{ stream: `Account-${accountId}`, expected: Expected.any, events }]
    })
  }
  return Effect.forEach(
    Array.from({ length: count / eventsOfACommit }, (_, number) => number),
    commit,
    { discard: true }
  )
}

let watch: (statement: Driver.Statement) => void = () => undefined
Driver.around((statement, run) => {
  watch(statement)
  return run()
})

/** What is in use, in bytes, after everything was collected that can be. */
const memory = (): number => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
