/** Compares what subscribers have made of a log with what they were to make of it. */
import type { Event } from "everfold"
import { EventStore, ReadModel } from "everfold"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { Balances } from "../../Bank.ts"
import type { Outside } from "./Office.ts"
import type { Stores } from "./Place.ts"

/** Every event of a log. */
export const log = (stores: Stores) =>
  Effect.map(
    Context.get(stores.ports, EventStore.EventStore).readAll({ limit: 10_000 }),
    ({ events }) => events
  )

/** What is not as it has to be, once everybody has had the time that it takes. */
export const audit = (
  stores: Stores,
  written: ReadonlyArray<string>,
  outside: Outside
): Effect.Effect<ReadonlyArray<string>, unknown> =>
  Effect.gen(function* () {
    const events = yield* log(stores)
    const paid = events.filter(({ stream }) => stream.startsWith("Account-"))
    return [
      ...differences("accepted", sorted(paid.map(({ id }) => id)), sorted(written)),
      ...(yield* rows(stores, paid, events.length)),
      ...(yield* tables(stores, paid)),
      ...answers(events, paid),
      ...deeds(paid, outside)
    ]
  })

// internal

type Log = ReadonlyArray<Event.Stored>

const rows = ({ ports }: Stores, paid: Log, head: number) =>
  Effect.gen(function* () {
    const found = yield* Context.get(ports, ReadModel.ReadModel).list(Balances, {})
    const expected = Array.from(totals(paid), ([accountId, balance]) => ({
      accountId,
      balance,
      applied: paid.filter(({ stream }) => stream === `Account-${accountId}`).length
    }))
    return [
      ...differences(
        "rows of balances",
        sorted(found.rows.map(({ row }) => json(row))),
        sorted(expected.map(json))
      ),
      ...differences("position of balances", found.asOf.position, head)
    ]
  })

const tables = ({ sums }: Stores, paid: Log) =>
  sums === undefined
    ? Effect.succeed([])
    : Effect.map(sums, (found) =>
        differences("table of sums", sorted(entries(found)), sorted(entries(totals(paid))))
      )

/** Everything that is answered with commands: once, and in the order of what it answers. */
const answers = (events: Log, paid: Log): ReadonlyArray<string> => {
  const expected: Answers = new Map()
  const found: Answers = new Map()
  const deposits = new Map<string, number>()
  for (const stored of paid) {
    const { accountId } = fields(stored)
    if (stored.type === "Withdrawn") {
      const letter = `${accountId}.${stored.version}`
      add(expected, `letters of ${accountId}`, letter)
      for (const done of ["stamped", "sent"]) add(expected, `notes of ${letter}`, `${letter} ${done}`)
      add(expected, `late cards of ${accountId}`, String(stored.version))
    } else {
      const count = (deposits.get(accountId) ?? 0) + 1
      deposits.set(accountId, count)
      if (count % 3 === 0) add(expected, `cards of ${accountId}`, String(count))
    }
  }
  for (const stored of events) {
    const { cardId, letterId, text } = fields(stored)
    if (stored.type === "Sent") add(found, `letters of ${letterId.split(".", 1).join("")}`, letterId)
    if (stored.type === "Noted") add(found, `notes of ${text.split(" ", 1).join("")}`, text)
    if (stored.type === "Thanked") {
      add(found, `${cardId.endsWith(".late") ? "late " : ""}cards of ${cardId.split(".", 1).join("")}`, text)
    }
  }
  return Array.from(new Set([...expected.keys(), ...found.keys()])).flatMap((what) =>
    differences(what, inOrder(what, found), inOrder(what, expected))
  )
}

type Answers = Map<string, Array<string>>

const add = (answers: Answers, what: string, one: string) =>
  answers.set(what, [...(answers.get(what) ?? []), one])

/** Timers that are due at the same time have no order. */
const inOrder = (what: string, answers: Answers): ReadonlyArray<string> => {
  const all = answers.get(what) ?? []
  return what.startsWith("late") ? sorted(all) : all
}

/** Effects: all of them, each under its key, and in the order of each stream. Some may have happened twice in a row. */
const deeds = (paid: Log, { effects }: Outside): ReadonlyArray<string> => {
  const ids = new Map(paid.map(({ id, position }) => [position, id]))
  const wrong = effects.filter(({ key, position }) => key !== `${ids.get(position)}/courier`)
  const streams = new Set(paid.map(({ stream }) => stream))
  return [
    ...wrong.map(({ key, position }) => `the effect of position ${position} has the key ${key}`),
    ...Array.from(streams).flatMap((stream) =>
      differences(
        `effects of ${stream}`,
        withoutRepetition(effects.filter((one) => one.stream === stream).map(({ position }) => position)),
        paid.filter((one) => one.stream === stream).map(({ position }) => position)
      )
    )
  ]
}

const withoutRepetition = (positions: ReadonlyArray<number>): ReadonlyArray<number> =>
  positions.filter((position, index) => position !== positions[index - 1])

const totals = (paid: Log): ReadonlyMap<string, number> => {
  const totals = new Map<string, number>()
  for (const stored of paid) {
    const { accountId, amount } = fields(stored)
    totals.set(accountId, (totals.get(accountId) ?? 0) + (stored.type === "Deposited" ? amount : -amount))
  }
  return totals
}

interface Fields {
  readonly accountId: string
  readonly amount: number
  readonly cardId: string
  readonly letterId: string
  readonly text: string
}

/** Not decoded: what is compared must not depend on the code that is tried. */
const fields = ({ payload }: Event.Stored): Fields => JSON.parse(payload)

const entries = (map: ReadonlyMap<string, number>) => Array.from(map, json)

const sorted = (texts: ReadonlyArray<string>) => texts.toSorted()

const json = (value: unknown): string => JSON.stringify(value)

/** What was found instead of what was expected, if it is something else. */
export const differences = (what: string, found: unknown, expected: unknown): ReadonlyArray<string> =>
  json(found) === json(expected) ? [] : [`${what}: found ${json(found)} instead of ${json(expected)}`]
