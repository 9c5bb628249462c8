/** The names of events and the shapes of their fields are on disk for ever: add, never rename. */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { BatchQuantity, BatchRef, Eta, LineQuantity, OrderId, Sku } from "./Values.ts"

/** A batch was bought. */
export class BatchCreated extends Message.Struct<BatchCreated>()("BatchCreated", {
  sku: Sku,
  batchRef: BatchRef,
  quantity: LineQuantity,
  eta: Schema.optionalWith(Eta, { exact: true })
}) {}

/** A batch has so many units after all. */
export class BatchQuantityChanged extends Message.Struct<BatchQuantityChanged>()("BatchQuantityChanged", {
  sku: Sku,
  batchRef: BatchRef,
  quantity: BatchQuantity
}) {}

const allocation = { orderId: OrderId, sku: Sku, quantity: LineQuantity, batchRef: BatchRef }

/** Units of a batch were set aside for the line of an order. */
export class Allocated extends Message.Struct<Allocated>()("Allocated", allocation) {}

/** They no longer are, because the batch has fewer units than were set aside. */
export class Deallocated extends Message.Struct<Deallocated>()("Deallocated", allocation) {}

/** No batch had room for the line of an order. */
export class OutOfStock extends Message.Struct<OutOfStock>()("OutOfStock", {
  sku: Sku,
  orderId: OrderId,
  quantity: LineQuantity,
  /** Whether it is the first line that found no room since something came in: who has to know, is told once. */
  first: Schema.Boolean
}) {}
