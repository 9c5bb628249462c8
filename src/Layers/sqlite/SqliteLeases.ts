/** Leases in the database of a log, written by its one writer. */
import * as Effect from "effect/Effect"
import type { Lease } from "../../Services/Leases.ts"
import { checked, checkedText, end, isHeld, LeaseHeld, Leases } from "../../Services/Leases.ts"
import * as ProcessName from "./ProcessName.ts"
import type { Database } from "./SqliteDatabase.ts"

/** The leases in an open database. What a process had that has ended is free at once, where that can be told. */
export const over = ({ read, transact }: Database) => {
  const here = ProcessName.own()
  return Leases.of({
    hold: (owner, duration, reports) => {
      const pairs = reports.map(({ report, subscriber }) => [subscriber, report])
      const json = JSON.stringify(pairs)
      return Effect.zipRight(
        checked(owner, pairs.flat()),
        // The time of the lock, or a lease would be shorter by as long as its owner has waited.
        transact(({ values }, now) => {
          const take = () => {
            values(takeOrExtend, [owner, end(now, duration), here, json, now])
            return values(selectHeld, [json])
          }
          const held = take()
          const ended = endedAmong(held, owner)
          if (ended.length === 0) return held.map(fromRow)
          values(runOut, [JSON.stringify(ended)])
          return take().map(fromRow)
        })
      )
    },
    release: (owner, subscribers) =>
      Effect.zipRight(
        checked(owner, subscribers),
        Effect.asVoid(transact(({ values }) => values(giveBack, [owner, JSON.stringify(subscribers)])))
      ),
    ask: (subscriber, paused) => {
      const flag = paused === undefined ? null : Number(paused)
      return Effect.zipRight(
        checkedText([subscriber]),
        Effect.asVoid(transact(({ values }) => values(raise, [subscriber, flag, flag])))
      )
    },
    forget: (subscriber) =>
      Effect.zipRight(
        checkedText([subscriber]),
        transact(({ values }, now) => {
          const held = seen(values(selectOne, [subscriber])).find((lease) => isHeld(lease, now))
          if (held === undefined) values(strike, [subscriber])
          return held
        })
      ).pipe(Effect.flatMap((held) => (held === undefined ? Effect.void : new LeaseHeld(held)))),
    all: Effect.map(read(selectAll, []), seen)
  })
}

// internal

const columns = "subscriber, owner, epoch, until, paused, asked, report"

const takeOrExtend = `insert into leases (${columns}, process)
  select value ->> 0, ?, 1, ?, 0, 0, value ->> 1, ? from json_each(?) where true
  on conflict (subscriber) do update set epoch = leases.epoch + (leases.owner <> excluded.owner),
    owner = excluded.owner, until = excluded.until, report = excluded.report, process = excluded.process
  where leases.owner = excluded.owner or leases.until <= ?`

const selectHeld = `select ${columns}, process from json_each(?) as asked_for cross join leases
  on subscriber = asked_for.value ->> 0 order by asked_for.key`

/** The row stays, because its epoch must never go back; a time that there is not says that it is forgotten. */
const strike = `update leases set owner = '', until = -1, report = '', process = '' where subscriber = ?`

const selectOne = `select ${columns}, process from leases where subscriber = ?`

const selectAll = `select ${columns}, process from leases where until >= 0 order by subscriber`

/** Leases as whoever only looks sees them: a process that has ended has none. */
const seen = (rows: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyArray<Lease> => {
  const ended = new Set(endedAmong(rows, ""))
  return rows.map((row) => (ended.has(String(row[7])) ? { ...fromRow(row), until: 0 } : fromRow(row)))
}

/** Processes that others had their leases in, and that are no more. */
const endedAmong = (rows: ReadonlyArray<ReadonlyArray<unknown>>, owner: string): ReadonlyArray<string> => {
  const others = rows.filter((row) => row[1] !== owner && row[1] !== "")
  return [...new Set(others.map((row) => String(row[7])))].filter(ProcessName.hasEnded)
}

const runOut = `update leases set until = 0 where process in (select value from json_each(?))`

const giveBack = `update leases set owner = '', until = 0
  where owner = ? and subscriber in (select value from json_each(?))`

const raise = `insert into leases (${columns}, process) values (?, '', 0, 0, coalesce(?, 0), 1, '', '')
  on conflict (subscriber) do update set asked = asked + 1, paused = coalesce(?, paused),
    until = max(until, 0)`

const fromRow = (row: ReadonlyArray<unknown>): Lease => ({
  subscriber: String(row[0]),
  owner: String(row[1]),
  epoch: Number(row[2]),
  until: Number(row[3]),
  paused: row[4] === 1,
  asked: Number(row[5]),
  report: String(row[6])
})
