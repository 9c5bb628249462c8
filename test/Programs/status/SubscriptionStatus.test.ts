import { expect, it } from "@effect/vitest"
import type { Subscriptions } from "everfold"
import {
  EventStore,
  Expected,
  Leases,
  MemoryEventStore,
  MemoryLeases,
  QueueDoorbell,
  SequentialIds,
  Subscription
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { print, printJson, showSeconds } from "../../../src/Programs/status/StatusTable.ts"
import { read } from "../../../src/Programs/status/SubscriptionStatus.ts"
import { printing } from "../../Layers/Catalogue/App.ts"

const stores = Layer.merge(
  MemoryLeases.layer,
  Layer.provide(MemoryEventStore.layer, Layer.merge(QueueDoorbell.layer, SequentialIds.layer))
)

const state: Subscriptions.State = {
  name: "x",
  kind: "Projection",
  status: "Live",
  position: 0,
  time: 0,
  rate: 0,
  errors: 0,
  parked: 0
}

/** Five events, one a second; it is the tenth second then. */
const fiveEvents = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  for (let n = 1; n <= 5; n++) {
    yield* TestClock.adjust("1 second")
    const events = [{ type: "Happened", revision: 1, payload: "{}" }]
    yield* log.append({
      id: `c${n}`,
      metadata: {},
      parts: [{ stream: "A-1", expected: Expected.any, events }]
    })
  }
  yield* TestClock.adjust("5 seconds")
})

const hold = (
  name: string,
  seconds: number,
  report: Partial<Subscriptions.State>,
  owner = "program-12345678"
) =>
  Effect.flatMap(Leases.Leases, (leases) =>
    leases.hold(owner, `${seconds} seconds`, [
      { subscriber: name, report: Subscription.encodeReport({ ...state, name, ...report }) }
    ])
  )

const found = (rows: ReadonlyArray<readonly [string, number]> = []) =>
  Effect.map(read(Effect.succeed(new Map(rows))), (lines) => new Map(lines.map((line) => [line.name, line])))

it.effect("measures the lag by the end of the log, and the delay by the first event that is left", () =>
  Effect.gen(function* () {
    yield* fiveEvents
    yield* hold("behind", 10, { position: 2, status: "CatchingUp", rate: 1.5 })
    yield* hold("stuck", 10, { position: 4 })
    yield* hold("there", 10, { position: 5 })
    const lines = yield* found()
    expect(lines.get("behind")).toMatchObject({
      status: "CatchingUp",
      position: 2,
      lag: 3,
      behind: 7,
      eta: 2
    })
    expect(lines.get("stuck")).toMatchObject({ lag: 1, behind: 5, eta: undefined })
    expect(lines.get("there")).toMatchObject({ lag: 0, behind: 0, eta: 0, owner: "program-12345678" })
  }).pipe(Effect.provide(stores))
)

it.effect("believes the store more than a report: rows, checkpoints, and what is set aside", () =>
  Effect.gen(function* () {
    yield* fiveEvents
    yield* hold("rows", 10, { position: 1 })
    yield* hold("mail", 10, { kind: "Subscriber", position: 1, parked: 7 })
    const log = yield* EventStore.EventStore
    const keep = [{ kind: "parked", key: "A-1", order: 2, value: "{}" }]
    const advance = { subscriber: "mail", from: 0, to: 4, keep }
    yield* log.append({ id: "", metadata: {}, parts: [], advance })
    const lines = yield* found([["rows", 3]])
    expect(lines.get("rows")).toMatchObject({ position: 3, lag: 2 })
    expect(lines.get("mail")).toMatchObject({ position: 4, lag: 1, parked: 1 })
  }).pipe(Effect.provide(stores))
)

it.effect("believes no report when the lease has run out, or was given back", () =>
  Effect.gen(function* () {
    const leases = yield* Leases.Leases
    yield* hold("a", 10, { status: "Live" })
    yield* hold("b", 10, { status: "Halted", error: "at position 1" })
    yield* leases.release("program-12345678", ["a"])
    const before = yield* found()
    expect(before.get("a")).toMatchObject({ status: "NotRunning", halted: false, owner: undefined })
    expect(before.get("a")?.eta).toBe(undefined)
    expect(before.get("b")).toMatchObject({ status: "Halted", halted: true, owner: "program-12345678" })
    yield* TestClock.adjust("9999 millis")
    expect((yield* found()).get("b")?.status).toBe("Halted")
    yield* TestClock.adjust("1 millis")
    const after = yield* found()
    // But that it had halted waits for somebody, whether anybody runs it or not.
    expect(after.get("b")).toMatchObject({ status: "NotRunning", halted: true, error: "at position 1" })
    yield* hold("b", 10, { status: "Live" }, "program-of-today")
    expect((yield* found()).get("b")).toMatchObject({ status: "Live", halted: false })
  }).pipe(Effect.provide(stores))
)

it.effect(
  "sees what is written down before its owner does, and that whoever has a lease is not elsewhere",
  () =>
    Effect.gen(function* () {
      const leases = yield* Leases.Leases
      yield* hold("paused", 10, { status: "Live" })
      yield* leases.ask("paused", true)
      yield* hold("taken", 10, { status: "Elsewhere" })
      const lines = yield* found()
      expect(lines.get("paused")?.status).toBe("Paused")
      expect(lines.get("taken")?.status).toBe("CatchingUp")
    }).pipe(Effect.provide(stores))
)

it.effect("knows little of what was only asked about, and of a report that it cannot read", () =>
  Effect.gen(function* () {
    const leases = yield* Leases.Leases
    yield* leases.ask("asked", true)
    yield* leases.hold("later-program", "10 seconds", [{ subscriber: "foreign", report: "?" }])
    const lines = yield* found()
    expect(lines.get("asked")).toMatchObject({ kind: undefined, status: "NotRunning" })
    expect(lines.get("foreign")).toMatchObject({ kind: undefined, status: "Unknown", owner: "later-program" })
  }).pipe(Effect.provide(stores))
)

it.effect("is printed in columns, with the last errors below", () =>
  printing((printed) =>
    Effect.gen(function* () {
      yield* fiveEvents
      yield* hold("card", 10, { position: 2, status: "Halted", errors: 1, error: "at position 3: no" })
      yield* hold("order", 10, { position: 5, errors: 12, error: "busy", rate: 250.4 })
      yield* print(yield* read())
      expect(printed).toEqual([
        [
          "NAME   KIND        STATUS  POSITION  LAG  BEHIND   RATE  ETA  ERRORS  PARKED  RUN BY",
          "card   projection  halted         2    3     7 s      –    –       1       0  12345678",
          "order  projection  live           5    0     0 s  250/s  0 s      12       0  12345678"
        ].join("\n"),
        "",
        "  halted: card: at position 3: no",
        "  error: order: busy"
      ])
    }).pipe(Effect.provide(stores))
  )
)

it.effect("is printed as lines of JSON", () =>
  printing((printed) =>
    Effect.gen(function* () {
      yield* hold("card", 10, { error: "two\nlines" })
      yield* printJson(yield* read())
      expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual([
        {
          name: "card",
          kind: "Projection",
          status: "Live",
          halted: false,
          position: 0,
          lag: 0,
          behind: 0,
          rate: 0,
          eta: 0,
          errors: 0,
          parked: 0,
          owner: "program-12345678",
          error: "two\nlines"
        }
      ])
    }).pipe(Effect.provide(stores))
  )
)

it.effect("does not say where rows are that are gone", () =>
  printing((printed) =>
    Effect.gen(function* () {
      yield* fiveEvents
      yield* hold("card", 10, { position: 5, rate: 20 })
      yield* hold("mail", 10, { kind: "Subscriber" })
      const lines = yield* read(Effect.succeed(undefined))
      expect(lines[0]).toMatchObject({
        position: undefined,
        lag: undefined,
        behind: undefined,
        eta: undefined
      })
      yield* print(lines)
      expect(printed).toEqual([
        [
          "NAME  KIND        STATUS  POSITION  LAG  BEHIND  RATE  ETA  ERRORS  PARKED  RUN BY",
          "card  projection  live           –    –       –  20/s    –       0       0  12345678",
          "mail  subscriber  live           0    5     9 s     –    –       0       0  12345678"
        ].join("\n")
      ])
    }).pipe(Effect.provide(stores))
  )
)

it.effect("says so when nothing has ever run", () =>
  printing((printed) =>
    Effect.gen(function* () {
      yield* print(yield* read())
      expect(printed).toEqual(["  No subscriber has ever run here."])
    }).pipe(Effect.provide(stores))
  )
)

it.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [60, "1 m"],
  [7200, "2 h"],
  [200_000, "2 d"]
])("shows %s seconds as %s", (seconds, text) => {
  expect(showSeconds(seconds)).toBe(text)
})
