/** How long an answer is behind what was accepted, and what somebody can do who cannot have that. */
import { History, ProjectionStore, Projector } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ProductDetail } from "../../../Domain/Catalogue/ProductDetail.ts"
import { ProductId } from "../../../Domain/Catalogue/Values.ts"
import { getProductDetail } from "../../../Services/Catalogue/Queries.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"

/** Asks 200 times too early, and then three times rightly. */
export const tell = Effect.gen(function* () {
  yield* Effect.provide(measured, Projector.layer(ProductDetail))
  yield* section("Three answers to a stale one")
  yield* threeAnswers
})

/** A query that comes too early, and the three answers to it. */
export const threeAnswers = Effect.gen(function* () {
  const busy = yield* Effect.makeLatch(true)
  yield* Effect.provide(answers(busy), Layer.provide(Projector.layer(ProductDetail), writingBehind(busy)))
})

// internal

const creations = 200

/** In milliseconds after the receipt. */
const delays = [0, 1, 5, 20]

/** What comes in the end: the answer that waits for the receipt. */
const waited = delays.length

const measured = Effect.gen(function* () {
  yield* section(`How stale? ${creations} products are created, and asked for`)
  const asked = yield* Effect.forEach(Array.from({ length: creations }), (_, index) => staleness(index + 1))
  const line = (when: string, column: number) => {
    const stale = asked.filter((answers) => answers[column] === true).length
    return ["", when, stale, `of ${creations} are stale`, Math.round((100 * stale) / creations), "%"]
  }
  yield* table([
    ...delays.map((delay, column) => line(`asked ${delay} ms after the receipt`, column)),
    line("asked to wait for the receipt", waited)
  ])
  yield* say("To sleep a little is no answer: nobody can say how long.")
})

/** Whether each answer is older than the receipt. The one place where a program sleeps, to see what that is worth. */
const staleness = (number: number) =>
  Effect.gen(function* () {
    const name = `product-${number}`
    const receipt = yield* Shop.create(name, 100)
    const begun = yield* Clock.currentTimeMillis
    const answers: Array<boolean> = []
    for (const delay of delays) {
      // Once it is fresh it stays fresh.
      if (answers.at(-1) !== false) {
        const passed = (yield* Clock.currentTimeMillis) - begun
        if (delay > passed) yield* Effect.sleep(delay - passed)
        const { asOf } = yield* getProductDetail(ProductId.make(name))
        answers.push(asOf.position < receipt.position)
      } else answers.push(false)
    }
    const { asOf } = yield* getProductDetail(ProductId.make(name), { atLeast: receipt })
    return [...answers, asOf.position < receipt.position]
  })

/** The read database, whose writer is busy with something else while the latch is closed. */
const writingBehind = (latch: Effect.Latch) =>
  Layer.effect(
    ProjectionStore.ProjectionStore,
    Effect.map(ProjectionStore.ProjectionStore, (store) => ({
      ...store,
      write: (batch) => Effect.zipRight(latch.await, store.write(batch))
    }))
  )

const shelf = ProductId.make("shelf")

const answers = (busy: Effect.Latch) =>
  Effect.gen(function* () {
    const created = yield* Shop.create(shelf, 9)
    yield* getProductDetail(shelf, { atLeast: created })
    yield* busy.close
    const receipt = yield* Shop.stock(shelf, 5)
    yield* say("The projector is held up. The stock of shelves was 9, and 5 is accepted:")
    const now = yield* getProductDetail(shelf)
    const state = yield* History.stateAt(Product, shelf)
    const waiting = yield* Effect.fork(getProductDetail(shelf, { atLeast: receipt }))
    yield* busy.open
    const fresh = yield* Fiber.join(waiting)
    yield* table([
      ["", "show what it is as of", stockOf(now), `${positionOf(now)}, the log is at ${receipt.position}`],
      ["", "ask the log itself", state._tag === "Listed" ? state.stock : "?", "one stream is read"],
      ["", "wait for the receipt", stockOf(fresh), `${positionOf(fresh)}, when the projector is there`]
    ])
  })

type Answer = Effect.Effect.Success<ReturnType<typeof getProductDetail>>

const stockOf = ({ row }: Answer) => Option.match(row, { onNone: () => "?", onSome: ({ stock }) => stock })

const positionOf = ({ asOf }: Answer) => `as of ${asOf.position}`
