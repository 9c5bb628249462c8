/** The shop of this stage: two databases, and what stands between them. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CreateProduct } from "../2-commands/Commands.ts"
import * as CommandHandler from "./CommandHandler.ts"
import type { Command } from "./Commands.ts"
import { AddSupplier } from "./Commands.ts"
import * as Projector from "./Projector.ts"
import * as QueryHandler from "./QueryHandler.ts"
import * as ReadDb from "./ReadDb.ts"
import * as WriteDb from "./WriteDb.ts"

/** Two new files. */
export const open = Effect.gen(function* () {
  const write = yield* WriteDb.create
  const read = yield* ReadDb.create
  const reader = yield* ReadDb.open
  const { handle } = CommandHandler.make(write)
  const projector = Projector.make(write, read)
  /** Handles a command, and projects it right away. */
  const send = (command: Command) => Effect.flatMap(handle(command), projector.project)
  return { write, read, reader, handle, send, projector, queries: QueryHandler.make(reader) }
})
export type Shop = Effect.Effect.Success<typeof open>

/** Acme Corp, and two products from there. */
export const fill = ({ send }: Shop) =>
  Effect.gen(function* () {
    yield* send(AddSupplier.make({ supplierId: 7, name: "Acme Corp" }))
    yield* send(product("Widget Pro", 2999, 100))
    yield* send(product("Gadget Plus", 4999, 15))
  })

/** A new product from a supplier. */
export const product = (name: string, price: number, stock: number, supplierId = 7) =>
  CreateProduct.make({ name, description: null, price, costPrice: Math.floor(price / 2), supplierId, stock })

/** How many of a product there are, as the writing side knows it, and as readers see it. */
export const stocks = ({ queries, write }: Shop, id: number) =>
  Effect.gen(function* () {
    const [row] = yield* write<{ stock: number }>`select stock from products where id = ${id}`
    const seen = yield* queries.getProductDetail(id)
    const shown = Option.match(seen, { onNone: () => "nothing", onSome: ({ stock }) => `${stock}` })
    return `write.db says ${row?.stock}, readers see ${shown}`
  })
