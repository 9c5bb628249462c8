/** Why a command is refused. */
import * as Data from "effect/Data"

/** Nobody has created it. */
export class UnknownProduct extends Data.TaggedError("UnknownProduct")<{ readonly productId: number }> {
  override get message() {
    return `there is no product ${this.productId}`
  }
}

/** There cannot be less than nothing on a shelf. */
export class NegativeStock extends Data.TaggedError("NegativeStock")<{ readonly stock: number }> {
  override get message() {
    return `there cannot be ${this.stock} units in stock`
  }
}

/** Nothing is given away. */
export class PriceNotPositive extends Data.TaggedError("PriceNotPositive")<{ readonly price: number }> {
  override get message() {
    return `a price cannot be ${this.price}`
  }
}

export type Rejection = UnknownProduct | NegativeStock | PriceNotPositive
