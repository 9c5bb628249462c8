/** What happens to products: stock falls, prices change, customers look, somebody lists them. */
import { CommandHandler, Metadata, ReadModel, Subscriptions } from "everfold"
import type { Aggregate } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ChangePrice, RecordProductView, UpdateStock } from "../../Domain/Catalogue/Commands.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import type { Row as Detail } from "../../Domain/Catalogue/ProductDetail.ts"
import type { ProductId } from "../../Domain/Catalogue/Values.ts"
import { showMoney } from "../../Domain/Catalogue/Values.ts"
import { OpenOrder } from "../../Domain/Purchasing/OpenOrder.ts"
import { getProductDetail, listProducts } from "../../Services/Catalogue/Queries.ts"
import { say, section, table } from "../Terminal.ts"

/** Bob counts less and less; audit, alert and purchasing answer. */
export const fallingStock = (gadget: ProductId) =>
  Effect.gen(function* () {
    yield* section("The stock of Gadget Plus falls to 8")
    yield* send(UpdateStock.make({ productId: gadget, stock: 8 }))
    yield* say("Two subscribers have answered; the command knows neither of them.")

    yield* section("It falls to 3, then to 2")
    yield* send(UpdateStock.make({ productId: gadget, stock: 3 }))
    yield* send(UpdateStock.make({ productId: gadget, stock: 2 }))
    const { row } = yield* ReadModel.get(OpenOrder, gadget)
    if (Option.isSome(row))
      yield* say(`Purchase order: ${row.value.quantity} units of ${gadget}, ordered once.`)
  }).pipe(Metadata.with({ actor: "bob" }))

/** Carol slips; her correction looks like a rise that somebody must approve. */
export const wrongPrice = (gadget: ProductId) =>
  Effect.gen(function* () {
    yield* section("A price is mistyped, and put right")
    yield* send(ChangePrice.make({ productId: gadget, price: { amount: 449, currency: "EUR" } }))
    yield* say("49.99 EUR has become 4.49 EUR.")
    const right = { productId: gadget, price: { amount: 4499, currency: "EUR" } }
    yield* send(ChangePrice.make(right)).pipe(Effect.catchTag("PriceIncreaseNeedsApproval", refused))
    yield* send(ChangePrice.make({ ...right, approved: true }))
    yield* say("With approval it has become 44.99 EUR. Both changes stay in the log.")
  }).pipe(Metadata.with({ actor: "carol" }))

/** Two customers look at a product, and one asks for something that does not exist. */
export const views = (widget: ProductId, gizmo: ProductId) =>
  Effect.gen(function* () {
    yield* section("Widget Pro is viewed twice")
    yield* send(RecordProductView.make({ productId: widget }))
    yield* send(RecordProductView.make({ productId: widget }))
    const { row } = yield* getProductDetail(widget)
    if (Option.isSome(row)) yield* say(`Widget Pro: ${show(row.value)}`)
    yield* send(RecordProductView.make({ productId: gizmo })).pipe(Effect.catchTag("UnknownProduct", refused))
    yield* say("A view of what does not exist is no fact; the log takes facts only.")
  })

/** The first products by name. */
export const listing = Effect.gen(function* () {
  yield* section("The catalogue by name")
  const { next, rows } = yield* listProducts({ limit: 10 })
  yield* table(
    rows.map(({ currency, id, name, price, stock, supplierName }) => {
      const money = showMoney({ amount: price, currency })
      return [name, id, money, stock, "in stock", supplierName]
    })
  )
  if (Option.isSome(next)) yield* say("and more")
})

/** A product in one line. */
export const show = ({ currency, price, stock, supplierName, viewCount }: Detail): string =>
  `${showMoney({ amount: price, currency })}, ${stock} in stock, ${viewCount} views, from ${supplierName}`

// internal

/** Sends a command and waits until everybody has dealt with what it led to. */
const send = <C extends Aggregate.Command<typeof Product>>(command: C) =>
  Effect.tap(CommandHandler.handle(Product, command), () => Subscriptions.settled)

const refused = ({ message }: Aggregate.Rejection) => say(`refused: ${message}`)
