/** The catalogue on the files of a folder, with a projection that has halted, until somebody stops it. */
import { CommandHandler, Projection, Projector, Subscriptions } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { CreateProduct } from "../../../src/Domain/Catalogue/Commands.ts"
import { ProductCreated } from "../../../src/Domain/Catalogue/Events.ts"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { ProductId, SupplierId } from "../../../src/Domain/Catalogue/Values.ts"
import * as Main from "../../../src/Programs/bin/Main.ts"
import { modules } from "../../../src/Programs/catalogue/Catalogue.ts"

const Broken = Projection.make("broken", {
  row: Schema.Struct({ id: Schema.String }),
  events: [ProductCreated],
  key: (event) => event.productId
}).on({
  ProductCreated: () => {
    throw new Error("a mistake")
  }
})

const [directory = "", halts] = process.argv.slice(2)

const all = halts === "halts" ? Layer.merge(modules, Projector.layer(Broken)) : modules

const program = Effect.gen(function* () {
  yield* CommandHandler.handle(
    Product,
    CreateProduct.make({
      productId: ProductId.make("lamp"),
      name: "Lamp",
      price: { amount: 1000, currency: "EUR" },
      costPrice: { amount: 500, currency: "EUR" },
      supplierId: SupplierId.make("1"),
      supplierName: "Acme",
      stock: 3
    })
  )
  const { all, look } = yield* Subscriptions.Subscriptions
  for (const subscription of yield* all) {
    yield* subscription.until(
      ({ position, status }) => status === "Halted" || (status === "Live" && position === 2)
    )
  }
  for (const subscription of yield* all) yield* look((yield* subscription.state).name)
  yield* Console.log("ready")
  yield* Effect.never
}).pipe(Effect.provide(Layer.provideMerge(all, SqliteStack.layer({ directory }))))

Main.run(program, () => 1)
