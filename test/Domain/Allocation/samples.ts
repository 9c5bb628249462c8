import { Allocate, ChangeBatchQuantity, CreateBatch } from "../../../src/Domain/Allocation/Commands.ts"
import {
  Allocated,
  BatchCreated,
  BatchQuantityChanged,
  Deallocated,
  OutOfStock
} from "../../../src/Domain/Allocation/Events.ts"
import { BatchRef, OrderId, Sku } from "../../../src/Domain/Allocation/Values.ts"

export const sku = Sku.make("LAMP")

export const ref = (name: string) => BatchRef.make(name)
export const order = (name: string) => OrderId.make(name)

type Eta = Pick<typeof CreateBatch.Type, "eta">

export const createBatch = (batch: string, quantity: number, more: Eta = {}) =>
  CreateBatch.make({ sku, batchRef: ref(batch), quantity, ...more })
export const batchCreated = (batch: string, quantity: number, more: Eta = {}) =>
  BatchCreated.make({ sku, batchRef: ref(batch), quantity, ...more })

export const changeQuantity = (batch: string, quantity: number) =>
  ChangeBatchQuantity.make({ sku, batchRef: ref(batch), quantity })
export const quantityChanged = (batch: string, quantity: number) =>
  BatchQuantityChanged.make({ sku, batchRef: ref(batch), quantity })

export const allocate = (orderId: string, quantity: number, of = sku) =>
  Allocate.make({ orderId: order(orderId), sku: of, quantity })
export const allocated = (orderId: string, quantity: number, batch: string) =>
  Allocated.make({ orderId: order(orderId), sku, quantity, batchRef: ref(batch) })
export const deallocated = (orderId: string, quantity: number, batch: string) =>
  Deallocated.make({ orderId: order(orderId), sku, quantity, batchRef: ref(batch) })
export const outOfStock = (orderId: string, quantity: number, first: boolean) =>
  OutOfStock.make({ sku, orderId: order(orderId), quantity, first })
