/** Why an order refuses a command. */
import * as Schema from "effect/Schema"
import { Currency } from "../Catalogue/Values.ts"
import { OrderId, Status } from "./Values.ts"

/** The id is taken. */
export class OrderAlreadyExists extends Schema.TaggedError<OrderAlreadyExists>()("OrderAlreadyExists", {
  orderId: OrderId
}) {
  override get message() {
    return `order ${this.orderId} exists already`
  }
}

/** Nobody has created it. */
export class UnknownOrder extends Schema.TaggedError<UnknownOrder>()("UnknownOrder", { orderId: OrderId }) {
  override get message() {
    return `there is no order ${this.orderId}`
  }
}

/** It is too early for this, or too late. */
export class WrongStatus extends Schema.TaggedError<WrongStatus>()("WrongStatus", {
  orderId: OrderId,
  status: Status,
  /** In which it would have been possible. */
  needed: Schema.Array(Status)
}) {
  override get message() {
    return `order ${this.orderId} is ${this.status}, not ${this.needed.join(" or ")}`
  }
}

/** There is nothing to confirm. */
export class EmptyOrder extends Schema.TaggedError<EmptyOrder>()("EmptyOrder", { orderId: OrderId }) {
  override get message() {
    return `order ${this.orderId} has no items`
  }
}

/** Prices of one order are in one currency, or there would be no total. */
export class OtherCurrency extends Schema.TaggedError<OtherCurrency>()("OtherCurrency", {
  orderId: OrderId,
  currency: Currency,
  needed: Currency
}) {
  override get message() {
    return `order ${this.orderId} is in ${this.needed}, not in ${this.currency}`
  }
}

/** The total would be beyond what can be counted exactly. */
export class TotalTooLarge extends Schema.TaggedError<TotalTooLarge>()("TotalTooLarge", {
  orderId: OrderId
}) {
  override get message() {
    return `the total of order ${this.orderId} would be too large to be exact`
  }
}
