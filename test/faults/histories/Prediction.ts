/** The only right answer to a request, given what the log holds. */
import type { Commit } from "everfold"
import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import { isDeepStrictEqual } from "node:util"
import { Account } from "../../Bank.ts"
import { bytes, fits, isValid, limits } from "./Bounds.ts"
import type { Model } from "./Model.ts"
import * as Models from "./Model.ts"
import type { Answer, Request, Written } from "./Request.ts"
import { eventOf, refused } from "./Request.ts"

/** What an answer is called in the table. */
export type Word =
  | "accepted"
  | "nothing to do"
  | "refused"
  | "found"
  | "id reused"
  | "written"
  | "holds"
  | "conflict"
  | "moved"
  | "too large"
  | "invalid"
  | "read"

/** What a request leads to. */
export interface Prediction {
  readonly word: Word
  readonly answer: Answer
  /** The very same model when nothing changes. */
  readonly after: Model
}

/** Predicts an answer. */
export const predict = (model: Model, request: Request): Prediction => {
  const answer = (word: Word, answer: Answer, after = model): Prediction => ({ word, answer, after })
  const read = (value: unknown) => answer("read", succeeded(value))
  switch (request._tag) {
    case "Handle":
      return handle(model, request)
    case "Append":
      return append(model, request)
    case "Preview":
      return Either.match(Models.decide(model, request.wish), {
        onLeft: (rejection) => answer("refused", refused(rejection)),
        onRight: read
      })
    case "ReadStream": {
      const { after = 0, limit = Infinity, stream, version = Infinity } = request.query
      return read(Models.streamOf(model, stream).slice(after, Math.min(version, after + limit)))
    }
    case "ReadLog":
      return read(Models.page(model, request.query))
    case "StateAt":
      return read(
        Models.stateOf(model, Account, Aggregate.stream(Account, request.accountId), request.version)
      )
  }
}

// internal

type Handle = Extract<Request, { _tag: "Handle" }>
type Append = Extract<Request, { _tag: "Append" }>

const succeeded = (value: unknown): Answer => ({ _tag: "Succeeded", value })
const failed = (error: object): Answer => ({ _tag: "Refused", error })
const storeError = (reason: string) => failed({ _tag: "StoreError", reason })

const handle = (model: Model, request: Handle): Prediction => {
  const { id, wish } = request
  const stream = Aggregate.streamOf(wish.aggregate, wish.command)
  const receipt = (word: Word, after: Model): Prediction => {
    const events = Models.writtenUnder(after, id)
    const { position, version } = events.at(-1) ?? Models.endOf(after, stream)
    return { word, answer: succeeded({ stream, version, position, events }), after }
  }
  const decided = Either.getOrElse(Models.decide(model, wish), () => [])
  if (decided.some((event) => bytes({ ...event, _tag: undefined }) > limits.eventBytes)) {
    return { word: "too large", answer: storeError("TooLarge"), after: model }
  }
  const known = model.requests.get(id)
  if (known !== undefined)
    return isDeepStrictEqual(known, request) ? receipt("found", model) : reused(model, id)
  return Either.match(Models.decide(model, wish), {
    onLeft: (rejection) => ({ word: "refused", answer: refused(rejection), after: model }),
    onRight: (events) =>
      events.length === 0
        ? receipt("nothing to do", model)
        : receipt("accepted", Models.write(model, id, request, [{ stream, events }]))
  })
}

const append = (model: Model, request: Append): Prediction => {
  const { advance, id, parts, request: wish } = request.commit
  const refuse = (word: Word, answer: Answer): Prediction => ({ word, answer, after: model })
  const committed = (
    word: Word,
    after: Model,
    events: ReadonlyArray<Written>,
    position: number
  ): Prediction => ({
    word,
    answer: succeeded({ events, position, duplicate: word === "found" }),
    after
  })
  if (!isValid(request.commit)) return refuse("invalid", storeError("Invalid"))
  if (!fits(request.commit)) return refuse("too large", storeError("TooLarge"))
  const known = model.requests.get(id)
  if (known !== undefined) {
    const events = Models.writtenUnder(model, id)
    return known._tag === "Append" && known.commit.request === wish
      ? committed("found", model, events, events.at(-1)?.position ?? 0)
      : reused(model, id)
  }
  if (advance !== undefined && (model.checkpoints.get(advance.subscriber) ?? 0) !== advance.from) {
    return refuse("conflict", failed({ _tag: "CheckpointMoved", subscriber: advance.subscriber, epoch: 0 }))
  }
  const broken = parts.find(({ expected, stream }) => !Models.holds(model, stream, expected))
  if (broken !== undefined) {
    const { stream } = broken
    const actual = Models.endOf(model, stream).version
    return refuse("conflict", failed({ _tag: "VersionConflict", stream, actual }))
  }
  const after = Models.advance(Models.write(model, id, request, parts.map(decoded)), advance)
  const end = Math.max(0, ...parts.map(({ stream }) => Models.endOf(after, stream).position))
  const word =
    advance !== undefined ? "moved" : parts.some(({ events }) => events.length > 0) ? "written" : "holds"
  return committed(word, after, Models.writtenUnder(after, id), end)
}

const reused = (model: Model, commandId: string): Prediction => ({
  word: "id reused",
  answer: failed({ _tag: "CommandIdReused", commandId }),
  after: model
})

const decoded = ({ events, stream }: Commit.Part) => ({
  stream,
  events: events.map(({ payload, type }) => eventOf(type, payload))
})
