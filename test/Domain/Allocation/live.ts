/** What becomes of a stock when many commands come, one after the other. */
import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { Allocate, ChangeBatchQuantity, CreateBatch } from "../../../src/Domain/Allocation/Commands.ts"
import { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import { BatchRef, OrderId, Sku } from "../../../src/Domain/Allocation/Values.ts"

const { array, constant, constantFrom, integer, oneof, record } = FastCheck

// One sku, few batches and orders, small amounts: so that commands meet each other.
export const sku = constant(Sku.make("LAMP"))
export const batchRef = constantFrom("b1", "b2", "b3", "b4").map((ref) => BatchRef.make(ref))
export const orderId = integer({ min: 1, max: 12 }).map((n) => OrderId.make(`o${n}`))
/** What a line wants, and what is bought. */
export const few = integer({ min: 1, max: 9 })
/** What a batch has after all. */
export const quantity = integer({ min: 0, max: 20 })
const eta = constantFrom({}, { eta: "2026-02-01" }, { eta: "2026-03-01" })

const command = oneof(
  {
    arbitrary: record({ sku, batchRef, quantity: few }).chain((fields) =>
      eta.map((when) => CreateBatch.make({ ...fields, ...when }))
    ),
    weight: 1
  },
  {
    arbitrary: record({ sku, batchRef, quantity }).map((fields) => ChangeBatchQuantity.make(fields)),
    weight: 3
  },
  { arbitrary: record({ sku, orderId, quantity: few }).map((fields) => Allocate.make(fields)), weight: 6 }
)
/** Many commands. */
export const commands = array(command, { minLength: 20, maxLength: 60, size: "max" })

export type StockEvent = Aggregate.Event<typeof Stock>
export type State = Aggregate.State<typeof Stock>
type Command = Aggregate.Command<typeof Stock>

/** A decision: what was there, what was asked, and what came of it. */
export interface Step {
  readonly before: State
  readonly command: Command
  readonly decision: Either.Either<ReadonlyArray<StockEvent>, unknown>
}

/** Each decision, every event, and the state in the end. */
export const live = (commands: ReadonlyArray<Command>) => {
  const steps: Array<Step> = []
  const log: Array<StockEvent> = []
  let state: State = Stock.initial
  for (const command of commands) {
    const decision = Aggregate.decide(Stock, state, command, { now: 0, id: (n) => `id-${n}` })
    const events = Either.getOrElse(decision, () => [])
    steps.push({ before: state, command, decision })
    log.push(...events)
    state = Aggregate.replay(Stock, events, state)
  }
  return { log, state, steps }
}
