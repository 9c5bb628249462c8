/**
 * Everybody who reads the log of a bank: projections, reactions and a reaction to what they do, a process with timers,
 * a subscriber with effects. Each of them may have its trouble.
 */
import type { Event, FailurePolicy } from "everfold"
import {
  Aggregate,
  Message,
  Process,
  ProcessManager,
  Projection,
  Projector,
  Reaction,
  Reactor,
  Subscriber
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Account, Balances, Deposited, Journal, Letter, Notes, Send, Withdrawn } from "../../Bank.ts"
import type { Trouble } from "./Trouble.ts"

/** What the subscriber with effects has done. */
export interface Deed {
  readonly stream: string
  readonly position: number
  readonly key: string
}

/** One of the times that it was asked to. */
export interface Try {
  readonly position: number
  readonly attempt: number
  /** In which life of the program. */
  readonly life: number
}

/** What is outside, and outlives the program. */
export interface Outside {
  readonly effects: Array<Deed>
  readonly tries: Array<Try>
  /** How often the program was started. */
  life: number
}

/** Nothing was done yet. */
export const outside = (): Outside => ({ effects: [], tries: [], life: 0 })

/** Who has trouble if anybody has. */
export const troubled = ["courier", "letters", "thanks"] as const

/** All of them but the one that keeps tables. */
export const subscribers = (
  trouble: Trouble,
  { effects, life, tries }: Outside,
  policy: Partial<FailurePolicy.FailurePolicy> = {}
) => {
  const card = cards(trouble)
  const deliver = (_: unknown, recorded: Event.Recorded, { attempt, key }: Subscriber.Attempt) =>
    Effect.gen(function* () {
      const { position, stream, version } = recorded
      tries.push({ position, attempt, life })
      yield* trouble.before("courier", `${stream} ${version}`)
      effects.push({ stream, position, key })
    })
  const courier = Subscriber.make("courier", { events: Account.events }).on({
    Deposited: deliver,
    Withdrawn: deliver
  })
  return Layer.mergeAll(
    Projector.layer(Balances),
    Subscriber.layer(courier, policy),
    Reactor.layer(letters(trouble), [Letter]),
    Reactor.layer(Notes, [Journal]),
    ProcessManager.layer(thanks(trouble), [card])
  )
}

/** A projection that halts when it has trouble. */
export const ledger = (trouble: Trouble) =>
  Projection.make("ledger", {
    row: Schema.Struct({ entries: Schema.Int }),
    events: Account.events,
    key: (event) => event.accountId
  }).on({
    Deposited: (row, _, recorded) => entry(trouble, row, recorded),
    Withdrawn: (row, _, recorded) => entry(trouble, row, recorded)
  })

// internal

const text = { cardId: Schema.String, text: Schema.String }
class Thank extends Message.Struct<Thank>()("Thank", text) {}
class Thanked extends Message.Struct<Thanked>()("Thanked", text) {}
class Closed extends Schema.TaggedError<Closed>()("Closed", {}) {}

const stumble = (trouble: Trouble, who: string, { stream, version }: Event.Envelope): void => {
  if (trouble.strikes(who, `${stream} ${version}`)) throw new Error(`${who} stumbles over ${stream}`)
}

const entry = (trouble: Trouble, row: { readonly entries: number } | undefined, recorded: Event.Envelope) => {
  stumble(trouble, "ledger", recorded)
  return { entries: (row?.entries ?? 0) + 1 }
}

/** A letter for each withdrawal, under the version of the account. */
const letters = (trouble: Trouble) =>
  Reaction.make("letters", { events: [Withdrawn], commands: [Send] }).on({
    Withdrawn: ({ accountId }, recorded) => {
      stumble(trouble, "letters", recorded)
      return [Send.make({ letterId: `${accountId}.${recorded.version}` })]
    }
  })

/** A card for each third deposit, and a late one for each withdrawal. */
const thanks = (trouble: Trouble) =>
  Process.make("thanks", {
    state: Schema.Int,
    initial: 0,
    events: [Deposited, Withdrawn],
    commands: [Thank],
    key: ({ accountId }) => accountId
  }).on({
    Deposited: (count, { accountId }, recorded) => {
      stumble(trouble, "thanks", recorded)
      const state = count + 1
      return { state, send: state % 3 === 0 ? [Thank.make({ cardId: accountId, text: String(state) })] : [] }
    },
    Withdrawn: (state, { accountId }, recorded) => {
      stumble(trouble, "thanks", recorded)
      const card = Thank.make({ cardId: `${accountId}.late`, text: String(recorded.version) })
      return { state, timers: [Process.after("1 second", String(recorded.version), card)] }
    }
  })

/** Refuses a card while there is trouble. */
const cards = (trouble: Trouble) =>
  Aggregate.make("Card", {
    events: [Thanked],
    commands: [Thank],
    state: Schema.Int,
    initial: 0,
    id: (command) => command.cardId
  })
    .evolve({ Thanked: (count) => count + 1 })
    .decide({
      Thank: ({ cardId, text }) =>
        trouble.strikes("desk", `${cardId} ${text}`) ? new Closed() : [Thanked.make({ cardId, text })]
    })
