/** One event and those who answer it: three, then four, then one of them that fails. */
import { Projector, ReadModel, Subscriber, Subscriptions } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { StockUpdated } from "../../../Domain/Catalogue/Events.ts"
import { ProductDetail } from "../../../Domain/Catalogue/ProductDetail.ts"
import { OpenOrder } from "../../../Domain/Purchasing/OpenOrder.ts"
import { AuditLog } from "../../../Layers/Catalogue/AuditLog.ts"
import { LowStockAlert } from "../../../Layers/Catalogue/LowStockAlert.ts"
import * as Purchasing from "../../../Layers/Purchasing/Module.ts"
import * as Heard from "../../Heard.ts"
import * as Shop from "../../Shop.ts"
import { say, section } from "../../Terminal.ts"
import * as Spoken from "./Spoken.ts"

/** Who answers without saying when: rows, an alert, purchase orders. */
export const timeless = Layer.mergeAll(
  Projector.layer(ProductDetail),
  Subscriber.layer(LowStockAlert),
  Purchasing.layer
)

/** Three answer, a fourth comes, a fifth fails. */
export const tell = Effect.suspend(() => {
  const spoken = Spoken.make()
  const heard = Heard.make()
  return Effect.gen(function* () {
    yield* section("One event, three answers")
    yield* fanOut(spoken)
    yield* fourth.pipe(Effect.provide(Purchasing.layer))
    yield* fails(spoken, heard).pipe(Effect.provide(Subscriber.layer(Newsletter, noPatience)))
  }).pipe(Effect.provide(spoken.keeping(three)), heard.listening)
})

/** One command, and what comes of it. */
export const fanOut = (spoken: Spoken.Spoken) =>
  Effect.gen(function* () {
    yield* Shop.create("lamp", 30)
    yield* Effect.zipRight(Shop.create("desk", 40), Subscriptions.settled)
    yield* spoken.forget
    const { events, position } = yield* Shop.stock("lamp", 4)
    yield* say(
      `The stock of lamps falls to 4. The receipt: ${events.length} event, at position ${position}. Then:`
    )
    yield* Subscriptions.settled
    yield* spoken.print
    yield* say(`${yield* row}`, "The command knows none of them. Each has a place of its own in the log:")
    yield* Shop.overview
  })

// internal

/** Who answers at first: rows, an audit line, an alert. */
const three = Layer.mergeAll(
  Projector.layer(ProductDetail),
  Subscriber.layer(AuditLog),
  Subscriber.layer(LowStockAlert)
)

const row = Effect.map(ReadModel.get(ProductDetail, "lamp"), ({ asOf, row }) =>
  Option.match(row, {
    onNone: () => "no row",
    onSome: ({ id, stock }) => `The row of the ${id}: ${stock} in stock, as of position ${asOf.position}.`
  })
)

const fourth = Effect.gen(function* () {
  yield* section("Another one is added, and nothing is touched")
  yield* Subscriptions.settled
  yield* say("Purchasing is one more Layer: it orders what has become scarce, and shows it.")
  yield* Shop.overview
  const { row } = yield* ReadModel.get(OpenOrder, "lamp")
  if (Option.isSome(row))
    yield* say(
      `${row.value.quantity} lamps are ordered, for an event that is older than who has answered it: a`,
      "newcomer begins at the beginning of the log."
    )
})

/** There is no template for lamps. */
class NoTemplate extends Data.TaggedError("NoTemplate")<{ readonly message: string }> {}

const Newsletter = Subscriber.make("newsletter", { events: [StockUpdated] }).on({
  StockUpdated: ({ productId }) =>
    productId === "lamp" ? new NoTemplate({ message: `no template for ${productId}s` }) : Effect.void
})

/** One attempt. */
const noPatience = { retry: Schedule.stop }

const fails = (spoken: Spoken.Spoken, heard: Heard.Heard) =>
  Effect.gen(function* () {
    yield* section("A handler fails among healthy ones")
    yield* Effect.zipRight(Shop.stock("desk", 7), Subscriptions.settled)
    yield* say("A newsletter is added that cannot write of lamps. The desks fall to 7:")
    yield* spoken.print
    yield* say("All others have answered. Of the newsletter everfold says, once:")
    yield* heard.print
    yield* Shop.overview
    yield* say(
      "The example that this grew from prints an error and forgets the event. Here it",
      "is set aside with its cause, and can be tried again."
    )
  })
