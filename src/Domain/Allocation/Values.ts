/** The words of allocation: what its commands, events and rows are made of. */
import * as Schema from "effect/Schema"

/** Names what is kept in stock, and its stream: all batches of a sku are one thing to decide about. */
export const Sku = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z0-9_.:-]{1,64}$/, {
    message: () => "a sku has 1 to 64 letters, digits and _ . : -"
  }),
  Schema.brand("Sku")
)
export type Sku = typeof Sku.Type

/** Names a batch among those of its sku. */
export const BatchRef = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z0-9_.:-]{1,64}$/, {
    message: () => "the reference of a batch has 1 to 64 letters, digits and _ . : -"
  }),
  Schema.brand("BatchRef")
)
export type BatchRef = typeof BatchRef.Type

/** Names a customer's order; no other order of this name has a line of the same sku. */
export const OrderId = Schema.NonEmptyTrimmedString.pipe(
  Schema.maxLength(64),
  Schema.filter((text) => text.isWellFormed() || "half a character is no text", { schemaId: "WellFormed" }),
  Schema.brand("OrderId")
)
export type OrderId = typeof OrderId.Type

/** How many units an order wants: at least one. */
export const LineQuantity = Schema.Int.pipe(Schema.positive())

/** How many units a batch has: possibly none, when it was lost. */
export const BatchQuantity = Schema.Int.pipe(Schema.nonNegative())

/** The day on which a batch is expected, as `2026-01-31`. */
export const Eta = Schema.String.pipe(
  Schema.pattern(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/),
  Schema.filter((text) => isDay(text) || "there is no such day", { schemaId: "CalendarDay" })
)
export type Eta = typeof Eta.Type

// internal

/** Of the 30th of February, a calendar makes the 2nd of March. */
const isDay = (text: string): boolean => {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
