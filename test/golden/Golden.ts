/** Golden histories: events as they were recorded once, and the states that they folded into. */
import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"

/** An event as it lies in the log, and the encoded state that it led to. */
const Step = Schema.Struct({
  type: Schema.String,
  revision: Schema.Int,
  payload: Schema.Unknown,
  state: Schema.Unknown
})
type Step = typeof Step.Type

/** A golden file. */
export const Golden = Schema.Struct({
  aggregate: Schema.String,
  /** The version of its snapshots; null when it has none. */
  snapshot: Schema.NullOr(Schema.Int),
  /** By what they tell. */
  histories: Schema.Record({ key: Schema.String, value: Schema.Array(Step) })
})
export type Golden = typeof Golden.Type

/** Events by what they tell. */
export type Histories<A extends Aggregate.Any> = Readonly<Record<string, ReadonlyArray<Aggregate.Event<A>>>>

/** Why today's code does not agree with what was recorded; nothing when it does. */
export const problems = <A extends Aggregate.Any>(
  aggregate: A,
  golden: Golden,
  histories: Histories<A>
): ReadonlyArray<string> => {
  const { name, snapshot } = aggregate
  const version = snapshot?.version ?? null
  if (version !== golden.snapshot) {
    return [
      `${name} was recorded under snapshot version ${golden.snapshot}, and now has ${version}: record it again`
    ]
  }
  const types = new Set(Object.values(golden.histories).flatMap((steps) => steps.map(({ type }) => type)))
  return [
    ...Object.entries(golden.histories).flatMap(([title, steps]) =>
      differences(title, steps, refold(aggregate, steps))
    ),
    ...Object.keys(histories).flatMap((title) =>
      title in golden.histories ? [] : [`"${title}" is not recorded yet`]
    ),
    ...aggregate.codec.types.flatMap((type) => (types.has(type) ? [] : [`no history has a ${type}`]))
  ]
}

/**
 * The golden file of today's code. What happened stays as it was recorded, or written by hand without states; that it folds into another state now
 * is refused under the same version, because the snapshots of that version hold the old one.
 */
export const renew = <A extends Aggregate.Any>(
  aggregate: A,
  golden: Golden | undefined,
  histories: Histories<A>
): Either.Either<Golden, string> =>
  Either.gen(function* () {
    const { name, snapshot } = aggregate
    const version = snapshot?.version ?? null
    const renewed: Record<string, ReadonlyArray<Step>> = {}
    for (const [title, events] of Object.entries(histories)) {
      renewed[title] = yield* refold(aggregate, yield* encoded(aggregate, events))
    }
    const raised = golden === undefined || golden.snapshot === null || (version ?? 0) > golden.snapshot
    for (const [title, steps] of Object.entries(golden?.histories ?? {})) {
      const now = refold(aggregate, steps)
      const [first] = raised || steps.every(isNew) ? [] : differences(title, steps, now)
      if (first !== undefined)
        return yield* Either.left(`${first}: raise the snapshot version of ${name} first`)
      renewed[title] = yield* now
    }
    return { aggregate: name, snapshot: version, histories: renewed }
  })

// internal

/** Today's code writes no former revision: whoever adds one leaves the states to `renew`. */
const isNew = ({ state }: Step) => state === null

const encoded = <A extends Aggregate.Any>(aggregate: A, events: ReadonlyArray<Aggregate.Event<A>>) =>
  Either.all(
    events.map((event) =>
      Either.map(Aggregate.typed(aggregate).codec.encode(event), ({ payload, revision, type }): Step => ({
        type,
        revision,
        payload: JSON.parse(payload),
        state: null
      }))
    )
  ).pipe(Either.mapLeft((error) => error.message))

/** The same events with the states that they lead to today; fails when one does not decode any more. */
const refold = <A extends Aggregate.Any>(
  aggregate: A,
  steps: ReadonlyArray<Step>
): Either.Either<ReadonlyArray<Step>, string> =>
  Either.gen(function* () {
    const { codec } = Aggregate.typed(aggregate)
    const encode = Schema.encodeSync(Schema.make<Aggregate.State<A>, unknown>(aggregate.state.ast))
    let state = aggregate.initial
    const result: Array<Step> = []
    for (const [index, step] of steps.entries()) {
      const payload = JSON.stringify(step.payload)
      const place = {
        id: "",
        stream: "",
        version: index + 1,
        position: index + 1,
        recordedAt: 0,
        metadata: "{}"
      }
      const meaning = yield* Either.mapLeft(
        codec.decode({ ...step, ...place, payload }),
        ({ message }) => message
      )
      const events = meaning.map(({ event }) => event)
      state = Aggregate.replay(aggregate, events, state)
      result.push({ ...step, state: JSON.parse(JSON.stringify(encode(state))) })
    }
    return result
  })

const differences = (
  title: string,
  steps: ReadonlyArray<Step>,
  today: Either.Either<ReadonlyArray<Step>, string>
): ReadonlyArray<string> => {
  if (Either.isLeft(today)) return [`"${title}" does not decode any more: ${today.left}`]
  const at = steps.findIndex(({ state }, index) => !isDeepStrictEqual(state, today.right[index]?.state))
  const [then, now] = [steps[at], today.right[at]]
  return then === undefined || now === undefined
    ? []
    : [
        `"${title}", event ${at + 1} (${then.type}): ${JSON.stringify(then.state)} then, ${JSON.stringify(now.state)} now`
      ]
}
