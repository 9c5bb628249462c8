import { describe, expect, it } from "@effect/vitest"
import { type Aggregate, CommandHandler, LogCommandHandler, Message } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import { join } from "node:path"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../src/Domain/Purchasing/Values.ts"
import { changePrice, create, updateStock, view } from "../Domain/Catalogue/samples.ts"
import { fulfil, place } from "../Domain/Purchasing/samples.ts"
import { hurry, log, losing, stacks } from "./Stacks.ts"

/** A command with an effect, after others that make it possible. */
interface Sample<A extends Aggregate.Any> {
  readonly after: ReadonlyArray<Aggregate.Command<A>>
  readonly command: Aggregate.Command<A>
}

/** One for each command of an aggregate: a table without one of them does not compile. */
type Samples<A extends Aggregate.Any> = {
  readonly [Tag in Aggregate.Command<A>["_tag"]]: Sample<A>
}

const product: Samples<typeof Product> = {
  CreateProduct: { after: [], command: create() },
  UpdateStock: { after: [create()], command: updateStock(7) },
  ChangePrice: { after: [create()], command: changePrice(3999) },
  RecordProductView: { after: [create()], command: view() }
}

const reorder: Samples<typeof Reorder> = {
  PlaceReorder: { after: [], command: place() },
  FulfilReorder: { after: [place()], command: fulfil(OrderId.make("before-0.0")) }
}

/** Sends a command in different ways, and says what the log has of it. */
const sending =
  <A extends Aggregate.Any>(aggregate: A) =>
  ([tag, { after, command }]: readonly [string, Sample<A>]) => {
    const prepare = Effect.forEach(after, (one, index) =>
      CommandHandler.handle(aggregate, one, { commandId: `before-${index}` })
    )
    const send = CommandHandler.handle(aggregate, command, { commandId: "sent" })
    const effects = Effect.map(log, (events) =>
      events.flatMap(({ id }) => (id.startsWith("sent#") ? [id] : []))
    )
    const again = Effect.gen(function* () {
      yield* prepare
      const first = yield* send
      const receipts = [
        yield* send,
        // By a program that has kept nothing of the stream.
        yield* Effect.provide(send, Layer.fresh(LogCommandHandler.layer)),
        ...(yield* Effect.replicateEffect(send, 5, { concurrency: "unbounded" }))
      ]
      return { first, receipts, effects: yield* effects }
    })
    const unanswered = Effect.gen(function* () {
      yield* prepare
      const first = yield* Effect.provide(send, losing(1).layer)
      return { first, effects: yield* effects }
    })
    return { tag, again, unanswered }
  }

const samples = [
  ...Object.entries(product).map(sending(Product)),
  ...Object.entries(reorder).map(sending(Reorder))
]

describe.each(stacks)("every command of every context on $name", ({ layer }) => {
  it.effect.each(samples)("$tag, sent again under its id, has one effect and one receipt", ({ again }) =>
    Effect.gen(function* () {
      const { effects, first, receipts } = yield* again
      expect(first.events.length).toBeGreaterThan(0)
      for (const receipt of receipts) expect(receipt).toEqual(first)
      expect(effects).toEqual(first.events.map(({ id }) => id))
    }).pipe(Effect.provide(layer))
  )

  it.scoped.each(samples)("$tag, whose answer was lost, has one effect and its receipt", ({ unanswered }) =>
    Effect.gen(function* () {
      yield* hurry
      const { effects, first } = yield* unanswered
      expect(first.events.length).toBeGreaterThan(0)
      expect(effects).toEqual(first.events.map(({ id }) => id))
    }).pipe(Effect.provide(layer))
  )
})

it("the table has the commands of every context", async () => {
  const domain = join(import.meta.dirname, "../../src/Domain")
  const contexts = fs
    .readdirSync(domain, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  const modules = await Promise.all(
    contexts.map((context): Promise<object> => import(join(domain, context, "Commands.ts")))
  )
  const commands = modules.flatMap((module) =>
    Object.values(module).flatMap((it) =>
      Schema.isSchema(it) ? [Message.tagOf(it as unknown as Message.Any)] : []
    )
  )
  expect(commands.length).toBeGreaterThan(5)
  expect(samples.map(({ tag }) => tag).sort()).toEqual(commands.sort())
})
