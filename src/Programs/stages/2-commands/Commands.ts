/** What can be asked of the shop: requests as values, which can be logged, kept, sent and refused. */
import * as Schema from "effect/Schema"

/** Names a product. The database gives it. */
export const ProductId = Schema.Int.pipe(Schema.positive())

/** Put a new product into the catalogue. Prices are in cents. */
export const CreateProduct = Schema.TaggedStruct("CreateProduct", {
  name: Schema.NonEmptyTrimmedString,
  description: Schema.NullOr(Schema.String),
  price: Schema.Int,
  costPrice: Schema.Int,
  supplierId: Schema.Int,
  stock: Schema.Int
})

/** Say how many units there are. */
export const UpdateStock = Schema.TaggedStruct("UpdateStock", { productId: ProductId, stock: Schema.Int })

/** Say what it costs from now on. */
export const ChangePrice = Schema.TaggedStruct("ChangePrice", { productId: ProductId, price: Schema.Int })

/** Note that a customer has looked at it. */
export const RecordProductView = Schema.TaggedStruct("RecordProductView", { productId: ProductId })

/** Any of them. */
export const Command = Schema.Union(CreateProduct, UpdateStock, ChangePrice, RecordProductView)
export type Command = typeof Command.Type
