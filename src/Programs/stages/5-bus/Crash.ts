/** A program that is killed between append and doorbell: why nothing is lost, and nothing else need be written. */
import { EventStore, Projector, ReadModel, Subscriber, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ProductDetail } from "../../../Domain/Catalogue/ProductDetail.ts"
import { LowStockAlert } from "../../../Layers/Catalogue/LowStockAlert.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"
import type { Ended, Sale } from "./Elsewhere.ts"
import { Elsewhere } from "./Elsewhere.ts"
import * as Spoken from "./Spoken.ts"

/** Has another program killed at the worst moment, where there are files that outlive it. */
export const tell = Effect.gen(function* () {
  yield* section("kill -9 between append and doorbell")
  const elsewhere = yield* Elsewhere
  if (Option.isNone(elsewhere))
    return yield* say("Skipped: it needs files (--store sqlite). Memory ends with its program.")
  const spoken = Spoken.make()
  yield* Effect.provide(Subscriptions.settled, spoken.keeping(subscribers))
  yield* spoken.forget
  const log = yield* EventStore.EventStore
  const before = yield* log.head
  yield* tellEnd(yield* elsewhere.value(sale))
  yield* tellDesigns((yield* log.head) - before)
  yield* recovery(spoken).pipe(Effect.provide(spoken.keeping(subscribers)))
  yield* askAgain
})

/** Who runs in both programs: rows, and an alert. */
export const subscribers = Layer.merge(Projector.layer(ProductDetail), Subscriber.layer(LowStockAlert))

// internal

const sale: Sale = { name: "desk", stock: 2, commandId: "sale-of-desks" }

const tellEnd = ({ receipts, signal }: Ended) =>
  say(
    `Another program on the same files sells desks, and ${sale.stock} are left. It is killed`,
    `(${signal ?? "by nobody"}) after the commit and before the bell has rung; receipts given: ${receipts}.`,
    "What would three designs have to go by?"
  )

/** What three designs have to go by when the program is gone. */
const tellDesigns = (added: number) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const head = yield* log.head
    const checkpoint = yield* log.checkpoint(LowStockAlert.name)
    yield* table([
      ["", "", "what is done with an event", "what is left of it"],
      ["", "a queue", "append; publish", "nothing: it was in the program"],
      ["", "an outbox", "append + insert; publish; delete", `${added} row in a second table`],
      ["", "the log", "append; advance", `log at ${head}, alert at ${checkpoint}`]
    ])
    yield* say(
      `The log is the outbox: ${head - checkpoint} event comes after the place that the alert is at.`
    )
  })

const recovery = (spoken: Spoken.Spoken) =>
  Effect.gen(function* () {
    yield* Subscriptions.settled
    yield* say("The subscribers are started again, and nobody has rung for them:")
    yield* spoken.print
    const { asOf, row } = yield* ReadModel.get(ProductDetail, sale.name)
    const stock = Option.match(row, { onNone: () => "?", onSome: ({ stock }) => stock })
    yield* say(`The row of the ${sale.name}: ${stock} in stock, as of position ${asOf.position}.`)
  })

const askAgain = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const before = yield* log.head
  const { position } = yield* Shop.stock(sale.name, sale.stock, { commandId: sale.commandId })
  const added = (yield* log.head) - before
  yield* say(
    "Whoever sold the desk, and had no answer, asks again under the command's id:",
    `the receipt says position ${position}, and ${added} events were added.`
  )
})
