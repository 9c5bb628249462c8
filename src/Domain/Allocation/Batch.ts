/** The batches of one sku: how much is left of them, which one is used up first, and who has what of them. */
import * as Arr from "effect/Array"
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"
import { BatchQuantity, BatchRef, Eta, LineQuantity, OrderId } from "./Values.ts"

/** What an order wants of the sku. */
export const Line = Schema.Struct({ orderId: OrderId, quantity: LineQuantity })
export type Line = typeof Line.Type

/** A batch, and the lines that are allocated to it. */
export const Batch = Schema.Struct({
  batchRef: BatchRef,
  quantity: BatchQuantity,
  /** Absent when it lies in the warehouse. */
  eta: Schema.optionalWith(Eta, { exact: true }),
  /** In the order in which they were allocated. */
  lines: Schema.Array(Line)
})
export type Batch = typeof Batch.Type

export type Batches = ReadonlyArray<Batch>

/** How many units nobody has. */
export const available = ({ lines, quantity }: Batch): number =>
  lines.reduce((left, line) => left - line.quantity, quantity)

/** The batch of this reference. */
export const find = (batches: Batches, batchRef: BatchRef): Batch | undefined =>
  batches.find((batch) => batch.batchRef === batchRef)

/** What an order has. */
export const lineOf = (batches: Batches, orderId: OrderId): Line | undefined =>
  batches.flatMap(({ lines }) => lines).find((line) => line.orderId === orderId)

/** The first batch with room for a line: what lies in the warehouse, then what arrives earliest. */
export const choose = (batches: Batches, line: Line): Batch | undefined =>
  Arr.sort(batches, soonest).find((batch) => fits(batch, line))

/** The lines that a batch has no room for when it has so many units: who came first, keeps what he has. */
export const leftOver = ({ lines }: Batch, quantity: number): ReadonlyArray<Line> => {
  let room = quantity
  return lines.filter((line) => {
    const stays = line.quantity <= room
    if (stays) room -= line.quantity
    return !stays
  })
}

/** Allocates a line to a batch; changes nothing if it does not fit, or is allocated already. */
export const put = (batches: Batches, batchRef: BatchRef, line: Line): Batches =>
  lineOf(batches, line.orderId) === undefined
    ? change(batches, batchRef, (batch) =>
        fits(batch, line) ? { ...batch, lines: [...batch.lines, line] } : batch
      )
    : batches

/** Takes the line of an order out of a batch. */
export const take = (batches: Batches, batchRef: BatchRef, orderId: OrderId): Batches =>
  change(batches, batchRef, (batch) => ({
    ...batch,
    lines: batch.lines.filter((line) => line.orderId !== orderId)
  }))

/** Gives a batch another quantity; changes nothing if more than that is allocated. */
export const resize = (batches: Batches, batchRef: BatchRef, quantity: number): Batches =>
  change(batches, batchRef, (batch) =>
    leftOver(batch, quantity).length === 0 ? { ...batch, quantity } : batch
  )

// internal

const fits = (batch: Batch, line: Line): boolean => line.quantity <= available(batch)

/** The warehouse has no date, and comes before all of them. */
const soonest: Order.Order<Batch> = Order.combine(
  Order.mapInput(Order.string, ({ eta = "" }: Batch) => eta),
  Order.mapInput(Order.string, ({ batchRef }: Batch) => batchRef)
)

const change = (batches: Batches, batchRef: BatchRef, how: (batch: Batch) => Batch): Batches =>
  batches.map((batch) => (batch.batchRef === batchRef ? how(batch) : batch))
