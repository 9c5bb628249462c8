import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  type Continuity,
  EventStore,
  Expected,
  Soundness,
  StoreError,
  Verification
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, deposit, Letter, Send } from "../Bank.ts"
import { stacks } from "../Layers/Stacks.ts"

const payload = JSON.stringify({ accountId: "alice", amount: 1 })

/** Events of one account, one to a commit. */
const events = (count: number): ReadonlyArray<Continuity.Found> =>
  Array.from({ length: count }, (_, index) => ({
    stored: {
      position: index + 1,
      stream: "Account-alice",
      version: index + 1,
      id: `command-${index}#0`,
      type: "Deposited",
      revision: 1,
      recordedAt: 1000,
      payload,
      metadata: "{}"
    },
    previous: index === 0 ? undefined : index,
    damage: undefined
  }))

/** A log that consists of what it is said to consist of, in pages of 10. */
const log = (
  found: ReadonlyArray<Continuity.Found>,
  evidence: Partial<Verification.Evidence> = {}
): Layer.Layer<Verification.Verification> =>
  Layer.succeed(Verification.Verification, {
    open: Effect.succeed({
      events: (after: number) =>
        Effect.succeed(found.filter(({ stored }) => stored.position > after).slice(0, 10)),
      checkpoints: Effect.succeed(new Map()),
      faults: Effect.succeed([]),
      ...evidence
    })
  })

const verify = (store: Layer.Layer<Verification.Verification>, options?: Verification.Options) =>
  Effect.provide(Verification.verify(options), store)

const changed = (index: number, change: Partial<Continuity.Found["stored"]>) =>
  events(25).map((found, n) => (n === index ? { ...found, stored: { ...found.stored, ...change } } : found))

describe("verify on every store", () => {
  for (const { layer, name } of stacks) {
    it.scopedLive(`${name}: an empty log is sound, and so is what commands have written`, () =>
      Effect.gen(function* () {
        expect((yield* Verification.verify()).problems).toEqual([])
        for (const amount of [1, 2, 3]) yield* CommandHandler.handle(Account, deposit("alice", amount))
        yield* CommandHandler.handle(Letter, Send.make({ letterId: "letter" }))
        const store = yield* EventStore.EventStore
        const event = { type: "Deposited", revision: 1, payload }
        yield* store.append({
          id: "transfer",
          metadata: {},
          parts: [
            { stream: "Account-bob", expected: Expected.any, events: [event, event] },
            { stream: "Account-alice", expected: Expected.any, events: [event] }
          ],
          advance: { subscriber: "letters", from: 0, to: 7 }
        })
        const report = yield* Verification.verify({ aggregates: [Account] })
        expect(report).toEqual({ events: 7, streams: 3, decoded: 6, checkpoints: 1, problems: [] })
      }).pipe(Effect.provide(layer))
    )

    it.scopedLive(`${name}: a long log does not hold up the event loop`, () =>
      Effect.gen(function* () {
        const store = yield* EventStore.EventStore
        const event = { type: "Deposited", revision: 1, payload }
        for (let n = 0; n < 20; n++) {
          const parts = [{ stream: `Account-${n}`, expected: Expected.any, events: Array(500).fill(event) }]
          yield* store.append({ id: `commit-${n}`, metadata: {}, parts })
        }
        let turns = 0
        const count = () => {
          turns += 1
          immediate = setImmediate(count)
        }
        let immediate = setImmediate(count)
        const { events } = yield* Verification.verify()
        clearImmediate(immediate)
        expect(events).toBe(10_000)
        expect(turns).toBeGreaterThanOrEqual(10)
      }).pipe(Effect.provide(layer))
    )
  }
})

describe("verify", () => {
  it.effect("goes through all pages", () =>
    Effect.map(verify(log(events(25))), (report) =>
      expect(report).toEqual({ events: 25, streams: 1, decoded: 0, checkpoints: 0, problems: [] })
    )
  )

  it.effect("stops at the first event that is wrong", () =>
    Effect.gen(function* () {
      const { events, problems } = yield* verify(log(changed(16, { recordedAt: 999 })))
      expect(events).toBe(17)
      expect(problems).toMatchObject([{ reason: "Damaged", event: { position: 17, version: 17 } }])
      expect(problems.map(Soundness.describe)).toEqual([
        "event 17 (Deposited, Account-alice version 17): it was recorded 1 ms before the event that it follows"
      ])
    })
  )

  it.effect("finds a gap between two pages", () =>
    Effect.gen(function* () {
      const { problems } = yield* verify(log(events(25).filter(({ stored }) => stored.position !== 11)))
      expect(problems).toMatchObject([{ reason: "Damaged", event: { position: 12 } }])
    })
  )

  it.effect.each([
    ["payload", "{", "its payload is no JSON object"],
    ["payload", "3", "its payload is no JSON object"],
    ["payload", "null", "its payload is no JSON object"],
    ["metadata", "", "its metadata is no JSON object"]
  ] as const)("finds the %s %j", ([field, text, details]) =>
    Effect.map(verify(log(changed(3, { [field]: text }))), ({ problems }) =>
      expect(problems).toMatchObject([{ reason: "Damaged", event: { position: 4 }, details }])
    )
  )

  it.effect.each([
    ["a type that nobody knows", { type: "Renamed" }, /none of the declared events/],
    ["a revision that nobody knows", { revision: 2 }, /revision 2 is not known/],
    ["a payload of another shape", { payload: '{"accountId":"alice"}' }, /amount/],
    ["metadata of another shape", { metadata: '{"actor":7}' }, /actor/]
  ] as const)("tells %s from damage, in the categories that it is given", ([, change, details]) =>
    Effect.gen(function* () {
      const store = log(changed(3, change))
      const { problems } = yield* verify(store, { aggregates: [Letter, Account] })
      expect(problems).toMatchObject([{ reason: "Undecodable", event: { position: 4 } }])
      expect(problems[0]?.details).toMatch(details)
      expect((yield* verify(store, { aggregates: [Letter] })).problems).toEqual([])
    })
  )

  it.effect("finds checkpoints beyond the log, and no other", () =>
    Effect.gen(function* () {
      const checkpoints = Effect.succeed(
        new Map([
          ["a", 0],
          ["b", 25],
          ["c", 26],
          ["d", -1]
        ])
      )
      const report = yield* verify(log(events(25), { checkpoints }))
      expect(report.checkpoints).toBe(4)
      expect(report.problems.map(Soundness.describe)).toEqual([
        'the checkpoint of "c" is at 26; the log ends at 25',
        'the checkpoint of "d" is at -1; the log ends at 25'
      ])
      // Where the log ends is not known then.
      const { problems } = yield* verify(log(changed(3, { position: 77 }), { checkpoints }))
      expect(problems.map(({ reason }) => reason)).toEqual(["Damaged"])
    })
  )

  it.effect("reports what the store finds, after the event", () =>
    Effect.gen(function* () {
      const faults = Effect.succeed([{ reason: "Altered", details: "somebody was here" } as const])
      const { problems } = yield* verify(log(changed(3, { position: 77 }), { faults }))
      expect(problems.map(({ reason }) => reason)).toEqual(["Damaged", "Altered"])
    })
  )

  it.effect.each(["Corrupt", "Invalid"] as const)("reports what cannot be read because it is %s", (reason) =>
    Effect.gen(function* () {
      const failing = Effect.fail(StoreError.make(reason, "page 7"))
      const unread = { checkpoints: failing, faults: failing }
      const page = { events: (after: number) => (after === 10 ? failing : Effect.succeed(events(10))) }
      const { events: looked, problems } = yield* verify(log([], { ...unread, ...page }))
      expect(looked).toBe(10)
      expect(problems.map(Soundness.describe)).toEqual([
        `what follows position 10 cannot be read: ${reason}: page 7`,
        `the checkpoints cannot be read: ${reason}: page 7`,
        `the store cannot be read: ${reason}: page 7`
      ])
    })
  )

  it.effect("fails when there is nothing to look at", () =>
    Effect.gen(function* () {
      const gone = StoreError.make("Unavailable", "gone")
      const unread = log([], { events: () => Effect.fail(gone) })
      const closed = Layer.succeed(Verification.Verification, { open: Effect.fail(gone) })
      for (const store of [unread, closed]) {
        expect((yield* Effect.flip(verify(store))).message).toBe("Unavailable: gone")
      }
    })
  )
})
