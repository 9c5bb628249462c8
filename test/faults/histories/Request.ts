/** What a client can ask of the write side, and the answer as plain data, so that a log and its model compare. */
import type { Aggregate, Commit, Event, Message } from "everfold"
import { CommandHandler, EventStore, History } from "everfold"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Account } from "../../Bank.ts"

/** A command, and who decides it. */
export interface Wish {
  readonly aggregate: Aggregate.Any
  readonly command: Message.Tagged
}

/** A command of an aggregate. */
export const wish = <A extends Aggregate.Any>(aggregate: A, command: Aggregate.Command<A>): Wish => ({
  aggregate,
  command
})

/** What can be asked. */
export type Request =
  | { readonly _tag: "Handle"; readonly id: string; readonly wish: Wish }
  | { readonly _tag: "Preview"; readonly wish: Wish }
  | { readonly _tag: "Append"; readonly commit: Commit.Commit }
  | { readonly _tag: "ReadStream"; readonly query: EventStore.StreamQuery }
  | { readonly _tag: "ReadLog"; readonly query: EventStore.LogQuery }
  | { readonly _tag: "StateAt"; readonly accountId: string; readonly version: number }

/** An event as the log holds it, without its time. */
export interface Written {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly position: number
  readonly event: Message.Tagged
}

/** What came back. */
export type Answer =
  | { readonly _tag: "Succeeded"; readonly value: unknown }
  | { readonly _tag: "Refused"; readonly error: object }
  | { readonly _tag: "Interrupted" }
  | { readonly _tag: "Died"; readonly defect: string }

/** Asks. */
export const ask = (
  request: Request
): Effect.Effect<unknown, unknown, EventStore.EventStore | CommandHandler.CommandHandler> => {
  switch (request._tag) {
    case "Handle":
      return Effect.map(
        CommandHandler.handle(request.wish.aggregate, request.wish.command, { commandId: request.id }),
        ({ events, position, stream, version }) => ({
          stream,
          version,
          position,
          events: events.map(ofRecorded)
        })
      )
    case "Preview":
      return CommandHandler.preview(request.wish.aggregate, request.wish.command)
    case "Append":
      return Effect.map(
        Effect.flatMap(EventStore.EventStore, (store) => store.append(request.commit)),
        ({ duplicate, events, position }) => ({ events: events.map(ofStored), position, duplicate })
      )
    case "ReadStream":
      return Effect.map(
        Effect.flatMap(EventStore.EventStore, (store) => store.readStream(request.query)),
        (events) => events.map(ofStored)
      )
    case "ReadLog":
      return Effect.map(
        Effect.flatMap(EventStore.EventStore, (store) => store.readAll(request.query)),
        ({ after, events, to }) => ({ after, to, events: events.map(ofStored) })
      )
    case "StateAt":
      return History.stateAt(Account, request.accountId, { version: request.version })
  }
}

/** The answer of something that has ended. */
export const answerOf = (exit: Exit.Exit<unknown, unknown>): Answer => {
  if (Exit.isSuccess(exit)) return { _tag: "Succeeded", value: exit.value }
  if (Cause.isInterruptedOnly(exit.cause)) return { _tag: "Interrupted" }
  const failure = Cause.failureOption(exit.cause)
  return failure._tag === "Some" ? refused(failure.value) : { _tag: "Died", defect: Cause.pretty(exit.cause) }
}

/** A refusal by what it says, without its words. */
export const refused = (error: unknown): Answer => ({ _tag: "Refused", error: withoutWords(error) })

/** An event as it was read. */
export const ofStored = ({ id, payload, position, stream, type, version }: Event.Stored): Written => ({
  id,
  stream,
  version,
  position,
  event: eventOf(type, payload)
})

/** An event from its text. */
export const eventOf = (type: string, payload: string): Message.Tagged => {
  const value: unknown = JSON.parse(payload)
  return { ...(typeof value === "object" ? value : {}), _tag: type }
}

// internal

const ofRecorded = ({ event, id, position, stream, version }: Event.Recorded): Written => ({
  id,
  stream,
  version,
  position,
  event
})

const words = ["message", "details", "cause", "expected"]

const withoutWords = (error: unknown): object =>
  Object.fromEntries(
    Object.entries(typeof error === "object" && error !== null ? error : { error }).filter(
      ([field, value]) => !words.includes(field) && value !== undefined
    )
  )
