/** Why the stock refuses a command. That there is too little of something is no refusal: it is news. */
import * as Schema from "effect/Schema"
import { BatchRef, LineQuantity, OrderId, Sku } from "./Values.ts"

/** Nobody has ever bought a batch of it. */
export class UnknownSku extends Schema.TaggedError<UnknownSku>()("UnknownSku", { sku: Sku }) {
  override get message() {
    return `there is no sku ${this.sku}`
  }
}

/** The sku has no such batch. */
export class UnknownBatch extends Schema.TaggedError<UnknownBatch>()("UnknownBatch", {
  sku: Sku,
  batchRef: BatchRef
}) {
  override get message() {
    return `sku ${this.sku} has no batch ${this.batchRef}`
  }
}

/** The reference is taken. */
export class BatchAlreadyExists extends Schema.TaggedError<BatchAlreadyExists>()("BatchAlreadyExists", {
  sku: Sku,
  batchRef: BatchRef
}) {
  override get message() {
    return `sku ${this.sku} has a batch ${this.batchRef} already`
  }
}

/** The order has units of it already, but not as many: probably two lines that should be one. */
export class AllocatedOtherwise extends Schema.TaggedError<AllocatedOtherwise>()("AllocatedOtherwise", {
  orderId: OrderId,
  sku: Sku,
  allocated: LineQuantity,
  wanted: LineQuantity
}) {
  override get message() {
    return `order ${this.orderId} has ${this.allocated} units of ${this.sku} already, and not ${this.wanted}`
  }
}
