/** Whether the model explains what clients were told side by side, and what the log holds after that. */
import { isDeepStrictEqual } from "node:util"
import * as Checker from "../linearisable/Checker.ts"
import type { Model } from "./Model.ts"
import type { Word } from "./Prediction.ts"
import { predict } from "./Prediction.ts"
import type { Answer, Request, Written } from "./Request.ts"

/** What a client has asked, and was told. */
export interface Asked {
  readonly kind: string
  readonly request: Request
  readonly answer: Answer
}

/** What everybody can see afterwards. */
export interface Seen {
  /** The events that were not there before. */
  readonly events: ReadonlyArray<Written>
  readonly checkpoints: ReadonlyMap<string, number>
}

/** One order of what happened. */
export interface Explained {
  readonly after: Model
  /** What each answer is called; `undefined` for what has not happened. */
  readonly words: ReadonlyMap<Asked, Word>
}

/** Finds an order in which the model gives the same answers and holds the same events; `undefined`: there is none. */
export const explain = (before: Model, asked: ReadonlyArray<Asked>, seen: Seen): Explained | undefined => {
  const end = asked.length
  const { complete, order, state } = Checker.explain<Model, Asked | Seen>(
    {
      initial: before,
      next: (model, call) =>
        "request" in call ? afterAnswer(model, call) : shows(model, before, call) ? model : undefined,
      key: (model) => keyOf(model, before)
    },
    [
      ...asked.map((call, invoked) => {
        const returned = call.answer._tag === "Interrupted" ? Infinity : end
        return { call, invoked, returned }
      }),
      { call: seen, invoked: end + 1, returned: end + 2 }
    ]
  )
  return complete ? { after: state, words: wordsOf(before, order) } : undefined
}

// internal

/** Whoever was interrupted was told nothing. */
const afterAnswer = (model: Model, { answer, request }: Asked): Model | undefined => {
  const { after, answer: predicted } = predict(model, request)
  return answer._tag === "Interrupted" || isDeepStrictEqual(answer, predicted) ? after : undefined
}

const shows = (model: Model, before: Model, seen: Seen) =>
  isDeepStrictEqual(seen.events, model.events.slice(before.events.length)) &&
  [...seen.checkpoints].every(([name, position]) => (model.checkpoints.get(name) ?? 0) === position)

const keyOf = ({ checkpoints, events }: Model, before: Model) =>
  JSON.stringify([events.slice(before.events.length).map(({ id }) => id), [...checkpoints]])

const wordsOf = (before: Model, order: ReadonlyArray<Asked | Seen>) => {
  const words = new Map<Asked, Word>()
  let model = before
  for (const call of order) {
    if (!("request" in call)) continue
    const { after, word } = predict(model, call.request)
    words.set(call, word)
    model = after
  }
  return words
}
