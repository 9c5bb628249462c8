/** The words of purchasing. */
import * as Schema from "effect/Schema"

/** Names an order for ever. */
export const OrderId = Schema.NonEmptyTrimmedString.pipe(Schema.maxLength(200), Schema.brand("OrderId"))
export type OrderId = typeof OrderId.Type

/** How many units are ordered: at least one. */
export const OrderQuantity = Schema.Int.pipe(Schema.positive())
