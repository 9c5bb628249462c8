/** The words of the catalogue: what its commands, events and rows are made of. */
import * as Schema from "effect/Schema"

/** Names a product for ever; part of the name of its stream. */
export const ProductId = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z0-9_.:-]{1,64}$/, {
    message: () => "a product id has 1 to 64 letters, digits and _ . : -"
  }),
  Schema.brand("ProductId")
)
export type ProductId = typeof ProductId.Type

/** Names a supplier in the books of whoever buys; no reader of the catalogue sees it. */
export const SupplierId = Schema.NonEmptyTrimmedString.pipe(Schema.maxLength(64), Schema.brand("SupplierId"))
export type SupplierId = typeof SupplierId.Type

/** What a product or a supplier is called: one line in any alphabet. */
export const Name = Schema.NonEmptyTrimmedString.pipe(
  Schema.maxLength(200),
  Schema.filter((text) => text.isWellFormed() || "half a character is no text", { schemaId: "WellFormed" }),
  Schema.filter((text) => !/\p{Cc}/u.test(text) || "a name has no control characters", {
    schemaId: "WithoutControlCharacters"
  })
)

/** What there is to say about a product. */
export const Description = Schema.String.pipe(
  Schema.maxLength(2000),
  Schema.filter((text) => text.isWellFormed() || "half a character is no text", { schemaId: "WellFormed" })
)

/** An ISO 4217 code such as `EUR`. */
export const Currency = Schema.String.pipe(Schema.pattern(/^[A-Z]{3}$/))

/** An amount in the smallest unit of its currency, never a fraction; it may be zero or less. */
export const Money = Schema.Struct({ amount: Schema.Int, currency: Currency })
export type Money = typeof Money.Type

/** What a customer pays: more than nothing. */
export const Price = Schema.Struct({ amount: Schema.Int.pipe(Schema.positive()), currency: Currency })

/** What the product costs us: possibly nothing. */
export const CostPrice = Schema.Struct({ amount: Schema.Int.pipe(Schema.nonNegative()), currency: Currency })

/** How many units there are. */
export const Quantity = Schema.Int.pipe(Schema.nonNegative())

/** Whether two amounts are the same. */
export const sameMoney = (one: Money, other: Money): boolean =>
  one.amount === other.amount && one.currency === other.currency

/** As people write it, `49.99 EUR`, with as many decimals as the currency has. */
export const showMoney = ({ amount, currency }: Money): string => {
  const decimals = decimalsOf(currency)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0")
  const units = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  return `${amount < 0 ? "-" : ""}${units}${fraction && `.${fraction}`} ${currency}`
}

// internal

const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
