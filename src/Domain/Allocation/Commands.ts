/** What can be asked of the stock. */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { BatchQuantity, BatchRef, Eta, LineQuantity, OrderId, Sku } from "./Values.ts"

/** Add a batch that was bought. */
export class CreateBatch extends Message.Struct<CreateBatch>()("CreateBatch", {
  sku: Sku,
  batchRef: BatchRef,
  quantity: LineQuantity,
  /** Absent when it lies in the warehouse already. */
  eta: Schema.optionalWith(Eta, { exact: true })
}) {}

/** Say how many units a batch has after all, those included that are allocated. */
export class ChangeBatchQuantity extends Message.Struct<ChangeBatchQuantity>()("ChangeBatchQuantity", {
  sku: Sku,
  batchRef: BatchRef,
  quantity: BatchQuantity
}) {}

/** Set units aside for the line of an order. Asked again for the same line, there is nothing to do. */
export class Allocate extends Message.Struct<Allocate>()("Allocate", {
  orderId: OrderId,
  sku: Sku,
  quantity: LineQuantity
}) {}
