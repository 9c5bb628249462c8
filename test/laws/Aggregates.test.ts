import { Aggregate, Event, type EventCodec } from "everfold"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { available } from "../../src/Domain/Allocation/Batch.ts"
import { Stock } from "../../src/Domain/Allocation/Stock.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Order } from "../../src/Domain/Ordering/Order.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"

const { array, assert, nat, property } = FastCheck

/** What holds for any events in any order, whether or not they could have happened. */
const laws = <A extends Aggregate.Any>(
  aggregate: A,
  codec: EventCodec.EventCodec<Aggregate.Event<A>>,
  event: FastCheck.Arbitrary<Aggregate.Event<A>>,
  isState: (state: Aggregate.State<A>) => boolean
) =>
  describe(aggregate.name, () => {
    const history = array(event, { maxLength: 12 })

    it("folds any history into a valid state", () => {
      assert(property(history, (events) => isState(Aggregate.replay(aggregate, events))))
    })

    it("folds a history in any two parts into the same state", () => {
      assert(
        property(history, nat(12), (events, at) => {
          const halfway = Aggregate.replay(aggregate, events.slice(0, at))
          const state = Aggregate.replay(aggregate, events.slice(at), halfway)
          expect(state).toEqual(Aggregate.replay(aggregate, events))
        })
      )
    })

    it("decodes what it has encoded into the same event", () => {
      assert(
        property(history, (events) => {
          for (const recorded of Event.record(events)) {
            const { event, metadata, ...envelope } = recorded
            const encoded = Either.getOrThrow(codec.encode(event))
            expect(JSON.parse(encoded.payload)).not.toHaveProperty("_tag")
            const stored = { ...envelope, ...encoded, metadata: JSON.stringify(metadata) }
            expect(codec.decode(stored)).toEqual(Either.right([{ ...recorded, revision: encoded.revision }]))
          }
        })
      )
    })
  })

laws(
  Product,
  Product.codec,
  Arbitrary.make(Schema.Union(...Product.events)),
  (state) => state._tag === "Absent" || (state.stock >= 0 && state.price.amount > 0)
)

laws(
  Reorder,
  Reorder.codec,
  Arbitrary.make(Schema.Union(...Reorder.events)),
  (state) => state._tag === "Idle" || state.quantity > 0
)

laws(
  Order,
  Order.codec,
  Arbitrary.make(Schema.Union(...Order.events)),
  (state) => state._tag === "Absent" || (state.items >= 0 && state.total >= state.items)
)

laws(Stock, Stock.codec, Arbitrary.make(Schema.Union(...Stock.events)), ({ batches }) =>
  batches.every((batch) => available(batch) >= 0)
)
