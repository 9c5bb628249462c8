/** Why a product refuses a command. */
import * as Schema from "effect/Schema"
import { Money, ProductId, showMoney } from "./Values.ts"

/** The id is taken. */
export class ProductAlreadyExists extends Schema.TaggedError<ProductAlreadyExists>()("ProductAlreadyExists", {
  productId: ProductId
}) {
  override get message() {
    return `product ${this.productId} exists already`
  }
}

/** Nobody has created it; a view of it would be a fact about nothing. */
export class UnknownProduct extends Schema.TaggedError<UnknownProduct>()("UnknownProduct", {
  productId: ProductId
}) {
  override get message() {
    return `there is no product ${this.productId}`
  }
}

/** There cannot be less than nothing on a shelf. */
export class NegativeStock extends Schema.TaggedError<NegativeStock>()("NegativeStock", {
  productId: ProductId,
  stock: Schema.Int
}) {
  override get message() {
    return `product ${this.productId} cannot have ${this.stock} units in stock`
  }
}

/** Nothing is given away, and nobody is paid for taking it. */
export class PriceNotPositive extends Schema.TaggedError<PriceNotPositive>()("PriceNotPositive", {
  productId: ProductId,
  price: Money
}) {
  override get message() {
    return `product ${this.productId} cannot cost ${showMoney(this.price)}`
  }
}

/** More than twice the price, or another currency: probably a slip of the keyboard. */
export class PriceIncreaseNeedsApproval extends Schema.TaggedError<PriceIncreaseNeedsApproval>()(
  "PriceIncreaseNeedsApproval",
  { productId: ProductId, from: Money, to: Money }
) {
  override get message() {
    return `product ${this.productId} from ${showMoney(this.from)} to ${showMoney(this.to)} needs approval`
  }
}
