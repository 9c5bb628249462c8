/** What must be true of the files that a killed process has left, and after the program has run on them again. */
import { Aggregate, Commit, Decoding, EventStore, Projection, ReadModel, Subscriptions } from "everfold"
import type { Event } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isDeepStrictEqual } from "node:util"
import { Account, Balances } from "../../Bank.ts"
import type { Life } from "./Life.ts"
import * as Trade from "./Trade.ts"

/** The promises that the files break as they lie there, before anybody has gone on with them. */
export const asTheyLie = (directory: string, { answered }: Life) =>
  Effect.gen(function* () {
    const log = yield* whole
    const ids = new Set(log.map(({ id }) => id))
    const lost = answered.filter((id) => !ids.has(Commit.eventId(id, 0)))
    const packed = log.filter(({ type }) => type === "Packed").map(({ id }) => id)
    const parts = packed.filter(
      (id) => packed.filter((other) => commitOf(other) === commitOf(id)).length !== Trade.pieces
    )
    const store = yield* EventStore.EventStore
    const answeredBy = (reaction: string, asked: string, answer: string, each: number) =>
      Effect.map(store.checkpoint(reaction), (reached) => {
        const due = log.filter(({ position, type }) => type === asked && position <= reached).length * each
        const done = log.filter(({ type }) => type === answer).length
        return due === done
          ? []
          : [`"${reaction}" at ${reached} should have caused ${due} ${answer}, not ${done}`]
      })
    return [
      ...lost.map((id) => `the answered command ${id} is lost`),
      ...parts.map((id) => `the commit of ${id} is not whole`),
      ...gaps(log),
      ...(yield* answeredBy("letters", "Withdrawn", "Sent", 1)),
      ...(yield* answeredBy("notes", "Sent", "Noted", 2)),
      ...(yield* rows(log))
    ]
  }).pipe(Effect.provide(SqliteStack.layer({ directory })))

/** The promises that are broken when the program runs again: what was asked is sent once more under its id. */
export const whenItGoesOn = (directory: string, { answered, asked }: Life) =>
  Effect.gen(function* () {
    const before = yield* whole
    const violations: Array<string> = []
    for (const [id, command] of asked) {
      const first = before.filter((stored) => commitOf(stored.id) === id)
      const again = yield* Effect.either(Trade.send(command, id))
      const events = Either.getOrElse(again, () => [])
      const same = isDeepStrictEqual(
        events,
        first.map(({ position }) => position)
      )
      if (first.length > 0 && !same) violations.push(`${id} sent again: other events than the first time`)
      if (answered.includes(id) && first.length === 0) violations.push(`${id} was answered and is not there`)
    }
    yield* Subscriptions.settled
    return [...violations, ...(yield* rows(yield* whole))]
  }).pipe(Effect.provide(Trade.program(directory)))

// internal

const commitOf = (eventId: string) => eventId.slice(0, eventId.lastIndexOf("#"))

/** The whole log; fails where it has a gap. */
const whole = Effect.gen(function* () {
  const store = yield* EventStore.EventStore
  const events: Array<Event.Stored> = []
  while (true) {
    const page = yield* store.readAll({ after: events.length })
    events.push(...page.events)
    if (page.events.length === 0) return events
  }
})

const gaps = (log: ReadonlyArray<Event.Stored>) => {
  const versions = new Map<string, number>()
  return log.flatMap(({ position, stream, version }, index) => {
    const expected = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    return position === index + 1 && version === expected
      ? []
      : [`${stream} ${version} at ${position} is a gap`]
  })
}

/** The rows of the projection are the fold of the events up to its position. */
const rows = (log: ReadonlyArray<Event.Stored>) =>
  Effect.gen(function* () {
    const { asOf, rows } = yield* Effect.flatMap(ReadModel.ReadModel, (model) => model.list(Balances, {}))
    const { position } = asOf
    const seen = log.filter((stored) => stored.position <= position && stored.stream.startsWith("Account-"))
    const recorded = yield* Decoding.all(Account.codec, seen)
    const events: ReadonlyArray<Aggregate.Event<typeof Account>> = recorded.map(({ event }) => event)
    const expected = Projection.run(Balances, events)
    const found = new Map(rows.map(({ key, row }) => [key, row]))
    return isDeepStrictEqual(found, new Map(expected))
      ? []
      : [`the rows at ${position} are not the fold of the events up to there`]
  }).pipe(
    // It was killed before there was anything to see.
    Effect.catchTag("Rebuilding", () => Effect.succeed([]))
  )
