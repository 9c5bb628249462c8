/** The state that a mailbox keeps of its stream, so that the next command need not read the log. */
import * as Effect from "effect/Effect"
import * as Aggregate from "../Domain/Aggregate.ts"
import type { Ticket } from "../Domain/Commit.ts"
import { eventId } from "../Domain/Commit.ts"
import type { StoreError } from "../Services/StoreError.ts"
import type { Mailbox } from "./CommandMailbox.ts"
import * as State from "./State.ts"

/** What is known of a stream. */
export interface Kept<out A extends Aggregate.Any = Aggregate.Any> {
  readonly aggregate: A
  readonly loaded: State.Loaded<A>
  /** Otherwise the log must be asked whether it still is so. */
  readonly certain: boolean
  /** Of the commit that leads here, if it was not written when the state was foreseen. */
  readonly ticket?: Ticket
}

/** What the last command left, if that can be decided on. */
export const certain = <A extends Aggregate.Any>(
  mailbox: Mailbox<Kept>,
  aggregate: A
): Kept<A> | undefined => {
  const kept = keptOf(mailbox, aggregate)
  return kept?.certain === true ? kept : undefined
}

/** What the log says. */
export const load = <A extends Aggregate.Any>(
  sources: State.Sources,
  mailbox: Mailbox<Kept>,
  aggregate: A,
  stream: string
): Effect.Effect<Kept<A>, StoreError> =>
  Effect.map(State.load(sources, aggregate, stream, keptOf(mailbox, aggregate)?.loaded), (loaded) => {
    const found = { aggregate, loaded, certain: true }
    mailbox.state = found
    return found
  })

/** The state after events that are on their way into the log, as the commit of a command. */
export const foresee = <A extends Aggregate.Any>(
  mailbox: Mailbox<Kept>,
  { aggregate, loaded }: Kept<A>,
  events: ReadonlyArray<Aggregate.Event<A>>,
  commandId: string,
  ticket: Ticket
): State.Loaded<A> => {
  if (events.length === 0) return loaded
  const state = Aggregate.replay(aggregate, events, loaded.state)
  const last = eventId(commandId, events.length - 1)
  const next = { state, version: loaded.version + events.length, last }
  mailbox.state = { aggregate, loaded: next, certain: true, ticket }
  return next
}

/**
 * The events that were foreseen on a state did not come. The log may still have that state, unless it was foreseen
 * itself; of several that rest on each other the first is the one to ask for.
 */
export const doubt = <A extends Aggregate.Any>(mailbox: Mailbox<Kept>, kept: Kept<A>): void => {
  const { state } = mailbox
  if (kept.ticket?.written === false) {
    if (state?.certain) mailbox.state = undefined
  } else if (state === undefined || state.loaded.version >= kept.loaded.version) {
    mailbox.state = { aggregate: kept.aggregate, loaded: kept.loaded, certain: false }
  }
}

// internal

/** A mailbox belongs to a stream, not to a declaration of its aggregate: another one starts from the log. */
const keptOf = <A extends Aggregate.Any>({ state }: Mailbox<Kept>, aggregate: A) =>
  state?.aggregate === aggregate ? (state as Kept<A>) : undefined
