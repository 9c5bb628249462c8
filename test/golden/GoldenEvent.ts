/** Golden events: each form in which an event was ever stored, and what it means. */
import type { Event, EventCodec, Message } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"

/** An event as it lies in the log. */
const Encoded = Schema.Struct({ type: Schema.String, revision: Schema.Int, payload: Schema.Unknown })
type Encoded = typeof Encoded.Type

/** A golden file. Nothing in it is ever changed; when its event gets another revision, a meaning is added. */
export const GoldenEvent = Schema.Struct({
  payload: Schema.Unknown,
  /** What it meant, in the revisions that were written then; the last one is what it means today. */
  means: Schema.Array(Schema.Array(Encoded))
})
export type GoldenEvent = typeof GoldenEvent.Type

type Codec = EventCodec.EventCodec<Message.Tagged>
type Form = Pick<Event.Encoded, "type" | "revision">

/** Why today's code does not agree with what is recorded of a form; nothing when it does. */
export const problems = (codec: Codec, form: Form, golden: GoldenEvent): ReadonlyArray<string> => {
  const changed = changes(codec, form, golden)
  if (changed.length > 0) return changed
  return isRecorded(codec, form, golden)
    ? []
    : [`what ${form.type}.${form.revision} means today is not recorded: npm run golden`]
}

/** The file, with today's meaning if it is missing; fails when what is recorded does not hold any more. */
export const renew = (codec: Codec, form: Form, golden: GoldenEvent): Either.Either<GoldenEvent, string> => {
  const [problem] = changes(codec, form, golden)
  if (problem !== undefined) return Either.left(problem)
  if (isRecorded(codec, form, golden)) return Either.right(golden)
  return Either.map(meaningOf(codec, { ...form, payload: golden.payload }), (today) => ({
    ...golden,
    means: [...golden.means, today]
  }))
}

// internal

/** What it meant is stored as well, and leads to the same place: an earlier meaning is lifted like any event. */
const changes = (codec: Codec, form: Form, { means, payload }: GoldenEvent): ReadonlyArray<string> => {
  const name = `${form.type}.${form.revision}`
  const today = meaningOf(codec, { ...form, payload })
  if (Either.isLeft(today)) return [`${name} does not decode any more: ${today.left}`]
  return means.flatMap((recorded) => {
    const now = Either.map(Either.all(recorded.map((event) => meaningOf(codec, event))), (all) => all.flat())
    return Either.isRight(now) && isDeepStrictEqual(now.right, today.right)
      ? []
      : [`${name} meant ${JSON.stringify(recorded)}, and means ${JSON.stringify(today.right)} now`]
  })
}

const isRecorded = (codec: Codec, form: Form, { means, payload }: GoldenEvent): boolean =>
  Either.match(meaningOf(codec, { ...form, payload }), {
    onLeft: () => false,
    onRight: (today) => isDeepStrictEqual(means.at(-1), today)
  })

const meaningOf = (
  { decode, encode }: Codec,
  { payload, revision, type }: Encoded
): Either.Either<ReadonlyArray<Encoded>, string> =>
  Either.flatMap(decode({ ...place, type, revision, payload: JSON.stringify(payload) }), (events) =>
    Either.all(events.map(({ event }) => encode(event)))
  ).pipe(
    Either.mapBoth({
      onLeft: ({ message }) => message,
      onRight: (events) => events.map((event) => ({ ...event, payload: JSON.parse(event.payload) }))
    })
  )

const place = { id: "c#0", stream: "Golden-1", version: 1, position: 1, recordedAt: 0, metadata: "{}" }
