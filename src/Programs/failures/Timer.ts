/** A process with a timer: what is to be done unless something comes in between. */
import { Process, ProcessManager, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ChangePrice } from "../../Domain/Catalogue/Commands.ts"
import { ProductCreated, ProductViewed, StockUpdated } from "../../Domain/Catalogue/Events.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import { Money, ProductId, showMoney } from "../../Domain/Catalogue/Values.ts"
import * as Shop from "../Shop.ts"
import { say, section, table } from "../Terminal.ts"

/** Two customers look, one of them buys; nobody is there when the time is up. */
export const tell = Effect.gen(function* () {
  yield* section("Who looks and does not buy within two seconds gets a lower price")
  yield* Effect.provide(looks, running)
  yield* say('"hesitation" is stopped; two seconds later nothing has happened:')
  yield* Effect.sleep("2100 millis")
  yield* prices
  yield* say("It is started again. Its timer was kept, and is due:")
  yield* Effect.provide(Effect.zipRight(Subscriptions.settled, prices), running)
  yield* say(
    "The lamp's timer was cancelled by the sale; the desk's has been used.",
    "Operators: nothing to do; what is due is done when somebody runs it again."
  )
})

// internal

const Hesitation = Process.make("hesitation", {
  state: Schema.Struct({ price: Schema.NullOr(Money) }),
  initial: { price: null },
  events: [ProductCreated, ProductViewed, StockUpdated],
  commands: [ChangePrice],
  key: (event) => event.productId
}).on({
  ProductCreated: (_, { price }) => ({ state: { price } }),
  ProductViewed: (state, { productId }) => ({
    timers: state.price === null ? [] : [Process.after("2 seconds", "lower", cheaper(productId, state.price))]
  }),
  StockUpdated: () => ({ cancel: ["lower"] })
})

const cheaper = (productId: ProductId, { amount, currency }: Money) =>
  ChangePrice.make({ productId, price: { amount: Math.ceil(amount * 0.9), currency } })

const looks = Effect.gen(function* () {
  yield* Shop.view("lamp")
  yield* Shop.stock("lamp", 51)
  yield* Shop.view("desk")
  yield* Subscriptions.settled
  yield* say("Somebody looks at a lamp and takes it, somebody looks at a desk and leaves.")
})

const running = ProcessManager.layer(Hesitation, [Product])

const prices = Effect.gen(function* () {
  const lines = yield* Effect.forEach(["lamp", "desk"], (name) =>
    Effect.map(ReadModel.get(ProductDetail, name), ({ row }) => [
      "",
      name,
      Option.match(row, {
        onNone: () => "?",
        onSome: ({ currency, price }) => showMoney({ amount: price, currency })
      })
    ])
  )
  yield* table(lines)
})
