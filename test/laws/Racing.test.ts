import { Aggregate, Decoding, EventStore, Expected, Ids } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { expect, it } from "vitest"
import { ProductCreated } from "../../src/Domain/Catalogue/Events.ts"
import { ChangePrice, CreateProduct, UpdateStock } from "../../src/Domain/Catalogue/Commands.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { ProductId, SupplierId } from "../../src/Domain/Catalogue/Values.ts"
import { stacks } from "../Layers/Stacks.ts"

const { array, assert, asyncProperty, constantFrom, integer, oneof, record } = FastCheck

// Two products and three clients, who do not always look before they write.
const productId = constantFrom("a", "b").map((id) => ProductId.make(id))
const stock = integer({ min: -3, max: 12 })
const price = record({ amount: integer({ min: -1, max: 12 }), currency: constantFrom("EUR") })
const product = { costPrice: { amount: 1, currency: "EUR" }, supplierName: "Acme Corp" }
const create = record({ productId, stock, price }).map((fields) =>
  CreateProduct.make({ ...fields, ...product, name: "Widget", supplierId: SupplierId.make("s") })
)
const update = record({ productId, stock }).map((fields) => UpdateStock.make(fields))
const reprice = record({ productId, price }).map((fields) => ChangePrice.make(fields))
const command = oneof(
  { arbitrary: create, weight: 1 },
  { arbitrary: update, weight: 5 },
  { arbitrary: reprice, weight: 1 }
)
const step = record({
  client: constantFrom(0, 1, 2),
  looks: constantFrom(true, ...Array.from({ length: 9 }, () => false)),
  command
})
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never
type Outcome = "accepted" | "refused" | "conflict" | "nothing to do"

/** Plays the steps, each client deciding on what it saw last, and compares the log with what was accepted. */
const play = (steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const run = (yield* Ids.next).replace(/[^0-9a-z]/g, "")
    const accepted = new Map<string, Array<Aggregate.Event<typeof Product>>>()
    const seen = new Map<string, ReadonlyArray<Aggregate.Event<typeof Product>>>()
    const start = yield* store.head

    for (const productId of ["a", "b"]) {
      const stream = `Product-${productId}-${run}`
      const event = ProductCreated.make({
        ...product,
        productId: ProductId.make(productId),
        name: "Widget",
        price: { amount: 5, currency: "EUR" },
        supplierId: SupplierId.make("s"),
        stock: 5
      })
      const parts = [{ stream, expected: Expected.noStream, events: [yield* Product.codec.encode(event)] }]
      yield* store.append({ id: yield* Ids.next, metadata: {}, parts })
      accepted.set(stream, [event])
    }

    const take = ({ client, command, looks }: Step) =>
      Effect.gen(function* () {
        const stream = `Product-${command.productId}-${run}`
        const truth = accepted.get(stream) ?? []
        const view = (looks ? undefined : seen.get(`${client} ${stream}`)) ?? [...truth]
        seen.set(`${client} ${stream}`, view)
        const decided = Aggregate.given(Product, ...view).when(command)
        if (Either.isLeft(decided)) return "refused"
        if (decided.right.length === 0) return "nothing to do"
        const events = yield* Effect.forEach(decided.right, Product.codec.encode)
        const parts = [{ stream, expected: Expected.exactly(view.length), events }]
        const result = yield* Effect.either(store.append({ id: yield* Ids.next, metadata: {}, parts }))
        expect(Either.isRight(result)).toBe(view.length === truth.length)
        if (Either.isLeft(result)) {
          expect(result.left._tag).toBe("VersionConflict")
          return "conflict"
        }
        accepted.set(stream, [...truth, ...decided.right])
        seen.set(`${client} ${stream}`, [...view, ...decided.right])
        return "accepted"
      })
    const outcomes: ReadonlyArray<Outcome> = yield* Effect.forEach(steps, take)

    for (const [stream, events] of accepted) {
      const stored = yield* store.readStream({ stream })
      const decoded = yield* Decoding.all(Product.codec, stored)
      expect(decoded.map(({ event }) => event)).toEqual(events)
      expect(decoded.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1))
    }
    const written = [...accepted.values()].reduce((sum, events) => sum + events.length, 0)
    expect(yield* store.head).toBe(start + written)
    return outcomes
  })

it.each(stacks)(
  "keeps what was accepted, and nothing else, of clients that race: $name",
  async ({ layer }) => {
    const counts = new Map<string, number>()
    await Effect.runPromise(
      Effect.gen(function* () {
        const context = yield* Effect.context<EventStore.EventStore | Ids.Ids>()
        yield* Effect.promise(() =>
          assert(
            asyncProperty(array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
              const outcomes = await Effect.runPromise(Effect.provide(play(steps), context))
              for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
            })
          )
        )
      }).pipe(Effect.provide(layer))
    )
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const share = (outcome: Outcome) => (counts.get(outcome) ?? 0) / total
    const shares = [...counts].map(([outcome, count]) => `${outcome} ${Math.round((100 * count) / total)} %`)
    console.log(`${total} commands: ${shares.join(", ")}`)
    for (const outcome of ["accepted", "refused", "conflict"] as const) {
      expect(share(outcome), outcome).toBeGreaterThan(0.2)
    }
  }
)
