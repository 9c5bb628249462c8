/** One history: after each step the answers are what the model says, and the log holds what the model holds. */
import { EventStore } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { isDeepStrictEqual } from "node:util"
import type { Asked, Explained, Seen } from "./Explanation.ts"
import { explain } from "./Explanation.ts"
import type { Model } from "./Model.ts"
import * as Models from "./Model.ts"
import { predict } from "./Prediction.ts"
import type { Request } from "./Request.ts"
import { answerOf, ask, ofStored } from "./Request.ts"
import type { Clients, Log } from "../WriteSide.ts"
import { open } from "../WriteSide.ts"
import type { Ask, Step } from "./Step.ts"
import * as Steps from "./Step.ts"

/** The log and the model have parted. */
export class Parted extends Data.TaggedError("Parted")<{ readonly message: string }> {}

/** Who watches a history. */
export interface Watch {
  readonly asked: (request: string) => void
  readonly came: (kind: string, outcome: string) => void
}

/** Makes the steps of a history. */
export const live = (log: Log, steps: ReadonlyArray<Step>, watch: Watch) =>
  Effect.gen(function* () {
    let model = Models.empty
    let index = 0

    const make = (clients: Clients, step: Step) =>
      Effect.gen(function* () {
        const asks = Steps.asks(step, model, index)
        for (const one of asks) watch.asked(`${index} ${shown(one)}`)
        const asked = yield* together(clients, asks)
        const seen = yield* Effect.provide(newIn(model), clients.here)
        const explained = explain(model, asked, seen)
        if (explained === undefined) return yield* new Parted({ message: why(model, asked, seen) })
        for (const one of asked) watch.came(one.kind, outcomeOf(one, model, explained))
        model = explained.after
      })
    const compare = ({ there }: Clients) =>
      Effect.flatMap(Effect.provide(whole, there), (events) =>
        isDeepStrictEqual(events, model.events)
          ? Effect.void
          : new Parted({ message: `the log is not what it was: ${JSON.stringify(events)}` })
      )
    const untilReopened = Effect.gen(function* () {
      const clients = yield* open(log)
      yield* compare(clients)
      for (let step = steps[index]; step !== undefined && step._tag !== "Reopen"; step = steps[++index]) {
        yield* make(clients, step)
      }
      yield* compare(clients)
    })
    yield* Effect.scoped(untilReopened)
    while (index < steps.length) {
      watch.came(Steps.reopening, "open")
      index += 1
      yield* Effect.scoped(untilReopened)
    }
  })

// internal

/** Asks everything at once. */
const together = (clients: Clients, several: ReadonlyArray<Ask>) =>
  Effect.gen(function* () {
    const running = yield* Effect.forEach(several, (one) =>
      Effect.map(Effect.fork(Effect.provide(ask(one.request), clients[one.stack])), (fiber) => ({
        one,
        fiber
      }))
    )
    for (const { fiber, one } of running) {
      if (one.turns === undefined) continue
      for (let turn = 0; turn < one.turns; turn++) yield* Effect.yieldNow()
      yield* Fiber.interruptFork(fiber)
    }
    return yield* Effect.forEach(running, ({ fiber, one }) =>
      Effect.map(Fiber.await(fiber), (exit): Asked => ({ ...one, answer: answerOf(exit) }))
    )
  })

const subscribers = ["reader", "writer"]

/** What is in the log, and the model has not heard of. */
const newIn = ({ events }: Model) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const page = yield* store.readAll({ after: events.length })
    const checkpoints = yield* Effect.forEach(subscribers, (name) =>
      Effect.map(store.checkpoint(name), (position) => [name, position] as const)
    )
    return { events: page.events.map(ofStored), checkpoints: new Map(checkpoints) }
  })

/** The whole log in short pages. */
const whole = Effect.gen(function* () {
  const store = yield* EventStore.EventStore
  const events: Array<ReturnType<typeof ofStored>> = []
  while (true) {
    const page = yield* store.readAll({ after: events.length, limit: 7 })
    if (page.events.length === 0) return events
    events.push(...page.events.map(ofStored))
  }
})

/** What came of one, as the table calls it. */
const outcomeOf = (one: Asked, before: Model, { after, words }: Explained): string => {
  if (one.kind === Steps.elsewhere) return "answered"
  if (one.kind !== Steps.interruption) return words.get(one) ?? "nothing"
  if (one.answer._tag !== "Interrupted") return "too late"
  const id = one.request._tag === "Handle" ? one.request.id : commitId(one.request)
  return after.requests.has(id) && !before.requests.has(id) ? "written" : "nothing written"
}

const commitId = (request: Request) => (request._tag === "Append" ? request.commit.id : "")

const why = (model: Model, asked: ReadonlyArray<Asked>, seen: Seen): string =>
  [
    "these answers have no explanation:",
    ...asked.map((one) => `${shown(one)} -> ${JSON.stringify(one.answer)}`),
    ...asked.map(({ request }) => `alone, it would be ${JSON.stringify(predict(model, request).answer)}`),
    `after position ${model.events.length} the log has ${JSON.stringify(seen.events)}`
  ].join("\n")

const shown = ({ kind, request }: Pick<Asked, "kind" | "request">) =>
  `${kind}: ${JSON.stringify(request, (key, value) => (key === "aggregate" ? value.name : value))}`
