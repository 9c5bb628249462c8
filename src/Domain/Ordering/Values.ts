/** The words of ordering. Names and money are those of the catalogue. */
import * as Schema from "effect/Schema"

/** Names an order for ever; part of the name of its stream. */
export const OrderId = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z0-9_.:-]{1,64}$/, {
    message: () => "an order id has 1 to 64 letters, digits and _ . : -"
  }),
  Schema.brand("OrderId")
)
export type OrderId = typeof OrderId.Type

/** Names a customer for ever. */
export const CustomerId = Schema.NonEmptyTrimmedString.pipe(Schema.maxLength(64), Schema.brand("CustomerId"))
export type CustomerId = typeof CustomerId.Type

/** How far an order has got. A cancelled one stays where it was. */
export const Status = Schema.Literal("created", "confirmed", "shipped", "delivered", "cancelled")
export type Status = typeof Status.Type

/** How many pieces of an item: at least one. */
export const Quantity = Schema.Int.pipe(Schema.positive())

/** Who carries a parcel, and under which number it can be followed. */
export const Shipment = {
  carrier: Schema.NonEmptyTrimmedString.pipe(Schema.maxLength(100)),
  trackingNumber: Schema.NonEmptyTrimmedString.pipe(Schema.maxLength(100))
}

/** What was agreed in one line of an order, in the smallest unit of its currency. */
export const amountOf = ({
  quantity,
  unitPrice
}: {
  readonly quantity: number
  readonly unitPrice: { readonly amount: number }
}): number => quantity * unitPrice.amount
