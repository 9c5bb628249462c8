/** What can be known of the past, and what it asks of the code in return. */
import { Aggregate, type EventCodec, History } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { say, section, table } from "../../Terminal.ts"
import { columns, lamp } from "./Facts.ts"

/** The time, in milliseconds since 1970, when it is over: what comes next has a later one in the log. */
export const evening = Effect.flatMap(Clock.currentTimeMillis, (time) =>
  Effect.repeat(Effect.zipRight(Effect.yieldNow(), Clock.currentTimeMillis), {
    until: (now) => now > time
  }).pipe(Effect.as(time))
)

/** How it was before, and a question that only the order of things can answer. */
export const tellTimeTravel = (evening: number) =>
  Effect.gen(function* () {
    yield* section("Time travel: what was known when")
    yield* tellMoments([
      ["at version 1", { version: 1 }],
      ["in the evening", { time: evening }],
      ["now", {}]
    ])
    yield* say(
      "A question that nobody had planned for: how many visitors have been told that",
      `there are 200 lamps? The log knows what came after what: ${yield* misled}.`
    )
  })

/** The lamp at some moments. */
export const tellMoments = (moments: ReadonlyArray<readonly [name: string, moment: History.Moment]>) =>
  Effect.flatMap(
    Effect.forEach(moments, ([name, moment]) =>
      Effect.map(History.stateAt(Product, lamp, moment), (state) => ["", name, ...columns(state)])
    ),
    table
  )

/** What is never rewritten must be readable for ever. */
export const tellOldShapes = Effect.gen(function* () {
  yield* section("The price: an event keeps its shape for ever")
  const old = { product_id: 7, new_stock: 20, occurred_at: "2024-03-01" }
  const payload = JSON.stringify(old)
  yield* say("The program before this one has stored, as revision 1 of StockUpdated:", `  ${payload}`)
  yield* say("A column of a table can be renamed. This stays, and is lifted when it is read:")
  yield* table(
    [1, 2].map((revision) => {
      const decoded = Product.codec.decodePayload({ type: "StockUpdated", revision, payload })
      return ["", "read as revision", revision, Either.match(decoded, { onLeft: reason, onRight: shown })]
    })
  )
  yield* say(
    "So the code must know for ever what the former forms were, and what each of",
    "them means: a Schema and a function for each. Read as what it was not, a",
    "payload is refused; a reader stops there rather than guess."
  )
})

// internal

/** How often somebody has looked at the lamp while its stock was wrong. */
const misled = Effect.map(History.of(Product, lamp), (history) => {
  let state: Aggregate.State<typeof Product> = Product.initial
  const views = history.filter(({ event }) => {
    state = Aggregate.replay(Product, [event], state)
    return event._tag === "ProductViewed" && state._tag === "Listed" && state.stock === 200
  })
  return views.length
})

const shown = ({ _tag, ...event }: Aggregate.Event<typeof Product>) => JSON.stringify(event)

const reason = ({ reason }: EventCodec.CodecError) => reason
