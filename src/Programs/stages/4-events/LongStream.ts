/** A stream of ten thousand events: what it takes to know its state, with and without a snapshot. */
import { Aggregate, CommandHandler, EventStore, LogCommandHandler, Snapshots } from "everfold"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { UpdateStock } from "../../../Domain/Catalogue/Commands.ts"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ProductId } from "../../../Domain/Catalogue/Values.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"

/** Counts one product ten thousand times, and then once more. */
export const tell = Effect.gen(function* () {
  yield* section(`The price: a product that was counted ${counts} times`)
  yield* Shop.create("nail", 0)
  yield* say(`${counts} commands, each with a decision of its own. It takes a moment.`)
  const [time] = yield* Effect.timed(
    Effect.forEach(numbers, (n) => Shop.stock("nail", n), { concurrency: 100, discard: true })
  )
  yield* say(`That took ${millis(time)} ms. To decide on one command more, a program needs the state:`)
  yield* kept
  yield* table([
    yield* line("from the first event on", decision(Unkept)),
    yield* line("from a snapshot, and what came after", decision(Kept)),
    yield* line("as the command before has left it", decision(Kept, [Kept]))
  ])
  yield* say(
    `A snapshot is kept every ${Product.snapshot?.every ?? "?"} events. It is a cache: it may be lost, and it is`,
    "not believed when other folds have made it than those that the code has today."
  )
})

// internal

const counts = 10_000

const numbers = Array.from({ length: counts }, (_, index) => index + 1)

const nail = ProductId.make("nail")

/** The product as it would be if nobody kept its states. */
const Unkept = { ...Product, snapshot: undefined }

/** One load in a thousand reads everything as well, to be sure of its snapshot; here it would spoil the count. */
const Kept = { ...Product, snapshot: Product.snapshot && { ...Product.snapshot, sample: 0 } }

/** The same number once more, so that nothing is written. */
const recount = (product: typeof Product) =>
  CommandHandler.handle(product, UpdateStock.make({ productId: nail, stock: counts }))

/** Waits for the last snapshot, which is written in the background, but not for ever: it may be lost. */
const kept = Effect.gen(function* () {
  const { load } = yield* Snapshots.Snapshots
  const last = load(Aggregate.stream(Product, nail), Product.snapshot?.key ?? "")
  yield* Effect.repeat(Effect.zipRight(Effect.yieldNow(), last), {
    until: Option.exists(({ version }) => version === counts),
    times: 100_000
  })
})

/** How many events a program that has just started reads for a decision, and how long it takes. */
const decision = (product: typeof Product, before: ReadonlyArray<typeof Product> = []) =>
  Effect.suspend(() => {
    let events = 0
    const counting = Layer.effect(
      EventStore.EventStore,
      Effect.map(EventStore.EventStore, (log) => ({
        ...log,
        readPast: (query) =>
          Effect.tap(log.readPast(query), (page) => Effect.sync(() => (events += page.length)))
      }))
    )
    return Effect.gen(function* () {
      yield* Effect.forEach(before, recount)
      events = 0
      const [time] = yield* Effect.timed(recount(product))
      return { events, time: millis(time) }
    }).pipe(Effect.provide(Layer.provide(LogCommandHandler.layer, counting)))
  })

/** The fastest of five: this machine may have something else to do. */
const line = (name: string, once: ReturnType<typeof decision>) =>
  Effect.map(Effect.replicateEffect(once, 5), (all) => {
    const [fastest] = all.toSorted((one, other) => one.time - other.time)
    return ["", name, fastest?.events ?? "?", "events read,", fastest?.time ?? "?", "ms"]
  })

const millis = (duration: Duration.Duration): number => Math.round(Duration.toMillis(duration) * 10) / 10
