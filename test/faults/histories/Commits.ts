/** Commits of all kinds, as whoever uses the log without commands makes them. */
import type { Commit, Event } from "everfold"
import { Aggregate, Expected } from "everfold"
import { Account } from "../../Bank.ts"
import type { Roll } from "./Dice.ts"
import { oneOf } from "./Dice.ts"
import type { Model } from "./Model.ts"
import { endOf } from "./Model.ts"
import { limits } from "./Bounds.ts"
import * as Wishes from "./Wishes.ts"

/** Makes a commit of an id, given what the log holds. */
export type Make = (model: Model, roll: Roll, id: string) => Commit.Commit

/** Whatever is there. */
export const any: Make = (_, roll, id) => commit(id, part(stream(roll), Expected.any, events(roll)))

/** On a new stream, or not. */
export const noStream: Make = (_, roll, id) =>
  commit(id, part(oneOf(roll, [fresh(id), stream(roll)]), Expected.noStream, events(roll)))

/** On an old stream, or not. */
export const streamExists: Make = (_, roll, id) =>
  commit(id, part(oneOf(roll, [stream(roll), stream(roll), fresh(id)]), Expected.streamExists, events(roll)))

/** At the version of a stream, or beside it. */
export const exactly: Make = (model, roll, id) => {
  const name = stream(roll)
  const version = Math.max(0, endOf(model, name).version + oneOf(roll, [0, 0, 0, 1, -1]))
  return commit(id, part(name, Expected.exactly(version), events(roll)))
}

/** After the last event of a stream, or after another one. */
export const exactlyAfter: Make = (model, roll, id) => {
  const name = stream(roll)
  const { last = "nobody#0", version } = endOf(model, name)
  return commit(
    id,
    part(name, Expected.exactly(version, oneOf(roll, [last, last, "somebody#0"])), events(roll))
  )
}

/** To several streams, as each of them is, or as one of them is not. */
export const several: Make = (model, roll, id) => {
  const names = ["a", "b", "c"].map((account) => Aggregate.stream(Account, account))
  const wrong = roll(8)
  return commit(
    id,
    ...[...names, fresh(id)]
      .slice(0, 2 + roll(3))
      .map((name, index) =>
        part(name, Expected.exactly(endOf(model, name).version + (index === wrong ? 1 : 0)), [
          deposit(1 + index)
        ])
      )
  )
}

/** Of nothing: a question about one or two streams. */
export const check: Make = (model, roll, id) => {
  const { version } = endOf(model, stream(roll))
  const asked = part(stream(roll), Expected.exactly(oneOf(roll, [version, version, version + 1])), [])
  return commit(id, asked, ...(roll(2) === 0 ? [part(fresh(id), Expected.noStream, [])] : []))
}

/** That moves a checkpoint from where it is, or from elsewhere; with an event or without. */
export const checkpoint: Make = ({ checkpoints }, roll, id) => {
  const subscriber = oneOf(roll, ["reader", "writer"])
  const from = (checkpoints.get(subscriber) ?? 0) + oneOf(roll, [0, 0, 1])
  const written = roll(2) === 0 ? [part(stream(roll), Expected.any, events(roll))] : []
  return { ...commit(id, ...written), advance: { subscriber, from, to: from + 1 + roll(3) } }
}

/** That is beyond a limit. */
export const tooLarge: Make = (_, roll, id) => {
  const one = part(stream(roll), Expected.any, [deposit(1)])
  const large = { ...deposit(1), payload: JSON.stringify("x".repeat(limits.eventBytes - 3)) }
  const many = (event: Event.Encoded, count: number) =>
    part(
      stream(roll),
      Expected.any,
      Array.from({ length: count }, () => event)
    )
  return oneOf(roll, [
    commit(id, part(stream(roll), Expected.any, [{ ...large, payload: `${large.payload}  ` }])),
    commit(id, many(deposit(1), limits.commitEvents + 1)),
    commit(id, many(large, 1 + Math.floor(limits.commitBytes / limits.eventBytes))),
    { ...commit(id, one), metadata: { actor: "x".repeat(limits.metadataBytes) } }
  ])
}

/** That no store may take. */
export const invalid: Make = (_, roll, id) => {
  const one = part(stream(roll), Expected.any, [deposit(1)])
  return oneOf(roll, [commit("", one), commit(id, one, one), commit(id, { ...one, stream: "no name" })])
}

// internal

const commit = (id: string, ...parts: ReadonlyArray<Commit.Part>): Commit.Commit => ({
  id,
  request: "append",
  metadata: {},
  parts
})

const part = (
  stream: string,
  expected: Expected.Expected,
  events: ReadonlyArray<Event.Encoded>
): Commit.Part => ({ stream, expected, events })

const stream = (roll: Roll) => Aggregate.stream(Account, Wishes.account(roll))

const fresh = (id: string) => Aggregate.stream(Account, `of_${id}`)

const deposit = (amount: number): Event.Encoded => ({
  type: "Deposited",
  revision: 1,
  payload: JSON.stringify({ accountId: "somebody", amount })
})

const events = (roll: Roll) => Array.from({ length: 1 + roll(3) }, () => deposit(1 + roll(9)))
