/** What can be known of the past, and what it asks of the code in return. */
import { Aggregate, History } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { quote, say, section, table } from "../../Terminal.ts"
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
  const payload = JSON.stringify({ productId: lamp, left: 20 })
  const decoded = Product.codec.decodePayload({ type: "StockUpdated", revision: 1, payload })
  yield* say(`Had an earlier program called it "left", ${payload}:`)
  yield* Either.isLeft(decoded) ? quote(decoded.left.message) : say("It is read all the same.")
  yield* say(
    "A reader stops there rather than guess. A column of a table can be renamed; a",
    "field of an event is in the log for ever, so the code must know it for ever."
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
