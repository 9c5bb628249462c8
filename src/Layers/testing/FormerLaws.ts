/** What has to hold for earlier revisions of messages: their payloads are generated from their own Schemas. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import type * as Event from "../../Domain/Event.ts"
import * as EventCodec from "../../Domain/EventCodec.ts"
import * as Forms from "../../Domain/Forms.ts"
import type * as Message from "../../Domain/Message.ts"
import type { Law } from "./Law.ts"
import * as Laws from "./Law.ts"
import * as MessageSamples from "./MessageSamples.ts"
import * as Paths from "./Paths.ts"

/** How much is tried, and what is of no use any more. */
export interface Options extends Laws.Options {
  /** What earlier revisions said and nothing says today, on purpose: `ProductCreated.1.discount`. */
  readonly forgotten?: ReadonlyArray<string>
}

type Codec = EventCodec.EventCodec<Message.Tagged>

/** Whatever was stored becomes valid events of today. */
export const validity = (codec: Codec, form: Forms.Form, options: Options): Law => {
  const meaning = meaningOf(codec, form)
  return Laws.forAll(
    `${Forms.nameOf(form)}: whatever was stored becomes valid events of today`,
    options,
    () => MessageSamples.of(form.schema),
    ({ payload }) => {
      const means = meaning(payload)
      return Either.isLeft(means) ? `${payload} does not: ${means.left.message}` : undefined
    }
  )
}

/** Nothing that is listed is read from an event that was dropped. */
export const silence = (codec: Codec, form: Forms.Form, options: Options): Law => {
  const meaning = meaningOf(codec, form)
  return Laws.forAll(
    `${Forms.nameOf(form)}: it was dropped, and means nothing`,
    options,
    () => MessageSamples.of(form.schema),
    ({ payload }) => {
      const means = meaning(payload)
      if (Either.isLeft(means)) return `${payload} halts its readers: ${means.left.message}`
      const [first] = means.right
      return first && `${payload} still means ${first.type} ${first.payload}`
    }
  )
}

/**
 * Each property of a former revision has a say in what it means today: there are two payloads which differ in
 * nothing else, and mean different things. So it is seen when a property is forgotten on the way up, whatever it is
 * called today.
 */
export const influence = (codec: Codec, form: Forms.Form, options: Options): Law => {
  const name = `${Forms.nameOf(form)}: no property is lost on the way to today`
  const meaning = meaningOf(codec, form)
  const forgotten = (options.forgotten ?? []).filter((path) => path.startsWith(`${Forms.nameOf(form)}.`))
  return {
    name,
    check: () => {
      const runs = Math.max(options.runs ?? 0, enough)
      const samples = FastCheck.sample(MessageSamples.of(form.schema), Laws.parameters({ ...options, runs }))
      const payloads = samples.flatMap((it): ReadonlyArray<unknown> =>
        Either.isRight(it) ? [JSON.parse(it.right.payload)] : []
      )
      const lost = lostOf(payloads, meaning).map((path) => `${Forms.nameOf(form)}.${path}`)
      const [unnamed] = lost.filter((path) => !forgotten.includes(path))
      const [kept] = forgotten.filter((path) => !lost.includes(path))
      const details =
        unnamed !== undefined
          ? `whatever "${unnamed}" is, the events of today are the same; if that is meant, name it in \`forgotten\``
          : kept !== undefined && `"${kept}" is said to be forgotten, and is not`
      if (details !== false) throw new Laws.BrokenLaw({ details: `${name}: ${details}` })
    }
  }
}

// internal

/** So many pairs of payloads are tried; a property that is seldom there is not judged by a few of them. */
const enough = 200
const few = 10

/** What a payload means today, as it would be stored. What lifts it was written by a user, and may throw. */
const meaningOf =
  ({ decode, encode }: Codec, { revision, type }: Forms.Form) =>
  (payload: string): Either.Either<ReadonlyArray<Event.Encoded>, EventCodec.CodecError> => {
    try {
      return Either.flatMap(decode({ ...place, type, revision, payload }), (events) =>
        Either.all(events.map(({ event }) => encode(event)))
      )
    } catch (cause) {
      const details = `it throws ${String(cause)}`
      return Either.left(new EventCodec.CodecError({ reason: "InvalidPayload", type, details }))
    }
  }

const place = { id: "c#0", stream: "Test-1", version: 1, position: 1, recordedAt: 0, metadata: "{}" }

/** The paths without a say, the outermost ones only. */
const lostOf = (
  payloads: ReadonlyArray<unknown>,
  meaning: ReturnType<typeof meaningOf>
): ReadonlyArray<string> => {
  const paths = new Map(payloads.flatMap((payload) => [...Paths.of(payload)]))
  const lost = [...paths].flatMap(([name, path]) => (isLost(payloads, meaning, path) ? [name] : []))
  return lost.filter((name) => !lost.some((outer) => name.startsWith(`${outer}.`)))
}

const isLost = (
  payloads: ReadonlyArray<unknown>,
  meaning: ReturnType<typeof meaningOf>,
  path: Paths.Path
): boolean => {
  let tried = 0
  for (const [index, one] of payloads.entries()) {
    const payload = JSON.stringify(one)
    const changed = JSON.stringify(Paths.replaced(one, payloads[index + 1] ?? payloads[0], path))
    if (changed === payload) continue
    const [before, after] = [meaning(payload), meaning(changed)]
    // A mixture of two payloads need not be one.
    if (Either.isLeft(before) || Either.isLeft(after)) continue
    if (JSON.stringify(before.right) !== JSON.stringify(after.right)) return false
    tried += 1
  }
  return tried >= few
}
