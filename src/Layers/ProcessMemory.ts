/** What a process keeps in the log's database: its state, the commands that are on their way, and its timers. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Event from "../Domain/Event.ts"
import type { Note } from "../Domain/Note.ts"
import * as StoreError from "../Services/StoreError.ts"

/** The kinds of notes. */
export const kinds = { state: "state", outgoing: "outgoing", timer: "timer" } as const

/** Commands that were decided and are to be sent together, and why. */
export const Outgoing = Schema.Struct({
  /** What they are sent under. */
  id: Schema.String,
  /** The process. */
  key: Schema.String,
  /** The timer that sends them, if it is one. */
  timer: Schema.optionalWith(Schema.String, { exact: true }),
  /** Of each command its type and revision, and its payload as JSON text. */
  commands: Schema.Array(
    Schema.Struct({ type: Schema.String, revision: Schema.Int, payload: Schema.String })
  ),
  metadata: Event.Metadata,
  /** The time that they are decided by: that of the event, or when the timer is due. */
  time: Schema.Number,
  /** The position of the event that led to them. */
  position: Schema.Int
})
export type Outgoing = typeof Outgoing.Type

/** Commands that are sent as soon as possible, in the order of the events that led to them, or when they are due. */
export const outgoing = (value: Outgoing): Note =>
  value.timer === undefined
    ? { kind: kinds.outgoing, key: value.key, order: value.position, value: encodeOutgoing(value) }
    : {
        kind: kinds.timer,
        key: timerKey(value.key, value.timer),
        order: value.time,
        value: encodeOutgoing(value)
      }

/** What the timer of a process belongs to. */
export const timerKey = (key: string, name: string): string => JSON.stringify([key, name])

/** Reads commands that are on their way. */
export const readOutgoing = (text: string): Either.Either<Outgoing, StoreError.StoreError> =>
  Either.mapLeft(decodeOutgoing(text), ({ message }) => StoreError.make("Corrupt", message))

/** Reads and writes the states of a process, each with the names of the timers that it has set. */
export const states = <State>(schema: Schema.Schema<State, unknown>, initial: State) => {
  const json = memoryOf(schema)
  const encode = Schema.encodeEither(json)
  const decode = Schema.decodeUnknownEither(json)
  return {
    read: (note: Note | undefined) =>
      note === undefined
        ? Either.right({ state: initial, timers: [] })
        : Either.mapLeft(decode(note.value), unreadable),
    write: (key: string, state: State, timers: ReadonlyArray<string>) =>
      Either.mapBoth(encode({ state, timers }), {
        onLeft: ({ message }) => StoreError.make("Invalid", `the state cannot be stored: ${message}`),
        onRight: (value): Note => ({ kind: kinds.state, key, order: 0, value })
      })
  }
}

/** The same state without a timer, which is over. */
export const withoutTimer = (note: Note, name: string): Either.Either<Note, StoreError.StoreError> =>
  Either.mapBoth(decodeMemory(note.value), {
    onLeft: unreadable,
    onRight: ({ state, timers }) => {
      const left = timers.filter((timer) => timer !== name)
      return { ...note, value: JSON.stringify({ state, timers: left }) }
    }
  })

// internal

const outgoingJson = Schema.parseJson(Outgoing)
const encodeOutgoing = Schema.encodeSync(outgoingJson)
const decodeOutgoing = Schema.decodeUnknownEither(outgoingJson)

const memoryOf = <State>(state: Schema.Schema<State, unknown>) =>
  Schema.parseJson(Schema.Struct({ state, timers: Schema.Array(Schema.String) }))

const decodeMemory = Schema.decodeUnknownEither(memoryOf(Schema.Unknown))

const unreadable = ({ message }: { readonly message: string }) =>
  StoreError.make("Undecodable", `the state that was stored does not decode: ${message}`)
