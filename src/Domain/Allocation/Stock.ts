/**
 * The stock of one sku: its batches, and which order has what of them.
 *
 * A batch that shrinks gives its lines to other batches in the same decision. A reaction to `Deallocated` could do
 * that as well, but later: a line would be nowhere in between, and somebody else could take its place.
 */
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import * as Batch from "./Batch.ts"
import { Allocate, ChangeBatchQuantity, CreateBatch } from "./Commands.ts"
import { Allocated, BatchCreated, BatchQuantityChanged, Deallocated, OutOfStock } from "./Events.ts"
import { AllocatedOtherwise, BatchAlreadyExists, UnknownBatch, UnknownSku } from "./Rejections.ts"
import type { Sku } from "./Values.ts"

/** No batch: nobody knows the sku. */
const State = Schema.Struct({
  batches: Schema.Array(Batch.Batch),
  /** Somebody has found too little, and nothing has come in since. */
  short: Schema.Boolean
})
type State = typeof State.Type

/** The stock of one sku. Its stream is `Stock-<sku>`. */
export const Stock = Aggregate.make("Stock", {
  events: [BatchCreated, BatchQuantityChanged, Allocated, Deallocated, OutOfStock],
  commands: [CreateBatch, ChangeBatchQuantity, Allocate],
  state: State,
  initial: { batches: [], short: false },
  id: (command) => command.sku,
  snapshot: { version: 1 }
})
  .evolve({
    BatchCreated: (state, { batchRef, eta, quantity }) =>
      Batch.find(state.batches, batchRef) === undefined
        ? {
            batches: [...state.batches, { batchRef, quantity, ...(eta && { eta }), lines: [] }],
            short: false
          }
        : state,
    BatchQuantityChanged: ({ batches, short }, { batchRef, quantity }) => ({
      batches: Batch.resize(batches, batchRef, quantity),
      short: short && quantity <= (Batch.find(batches, batchRef)?.quantity ?? quantity)
    }),
    Allocated: (state, { batchRef, orderId, quantity }) => ({
      ...state,
      batches: Batch.put(state.batches, batchRef, { orderId, quantity })
    }),
    Deallocated: (state, { batchRef, orderId }) => ({
      ...state,
      batches: Batch.take(state.batches, batchRef, orderId)
    }),
    OutOfStock: (state) => ({ ...state, short: true })
  })
  .decide({
    CreateBatch: (command, { batches }) => {
      const { batchRef, sku } = command
      return Batch.find(batches, batchRef) === undefined
        ? [BatchCreated.make({ ...command })]
        : new BatchAlreadyExists({ sku, batchRef })
    },
    ChangeBatchQuantity: (command, state) => {
      const { batchRef, quantity, sku } = command
      if (state.batches.length === 0) return new UnknownSku({ sku })
      const batch = Batch.find(state.batches, batchRef)
      if (batch === undefined) return new UnknownBatch({ sku, batchRef })
      if (quantity === batch.quantity) return []
      const lines = Batch.leftOver(batch, quantity)
      const rest = lines.reduce((all, { orderId }) => Batch.take(all, batchRef, orderId), state.batches)
      const batches = Batch.resize(rest, batchRef, quantity)
      // Freed first, so that a reader who stops between two events never sees less than nothing.
      return [
        ...lines.map((line) => Deallocated.make({ ...line, sku, batchRef })),
        BatchQuantityChanged.make({ ...command }),
        ...allocate(sku, lines, { ...state, batches })
      ]
    },
    Allocate: ({ orderId, quantity, sku }, state) => {
      if (state.batches.length === 0) return new UnknownSku({ sku })
      const line = Batch.lineOf(state.batches, orderId)
      if (line === undefined) return allocate(sku, [{ orderId, quantity }], state)
      return line.quantity === quantity
        ? []
        : new AllocatedOtherwise({ orderId, sku, allocated: line.quantity, wanted: quantity })
    }
  })

// internal

/** Lines find their batches one after the other; whoever comes too late finds out of stock. */
const allocate = (sku: Sku, lines: ReadonlyArray<Batch.Line>, { batches, short }: State) => {
  let left = batches
  let first = !short
  return lines.map((line) => {
    const batch = Batch.choose(left, line)
    if (batch === undefined) {
      const event = OutOfStock.make({ ...line, sku, first })
      first = false
      return event
    }
    left = Batch.put(left, batch.batchRef, line)
    return Allocated.make({ ...line, sku, batchRef: batch.batchRef })
  })
}
