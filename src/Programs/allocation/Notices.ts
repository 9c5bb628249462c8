/** Who is told that something is out of stock: once, and by whatever Layer the program was given. */
import { Decoding, EventStore, Message, SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OutOfStock } from "../../Domain/Allocation/Events.ts"
import { Stock } from "../../Domain/Allocation/Stock.ts"
import * as CollectingNotifier from "../../Layers/Allocation/CollectingNotifier.ts"
import * as Allocation from "../../Layers/Allocation/Module.ts"
import { OutOfStockNotice } from "../../Layers/Allocation/OutOfStockNotice.ts"
import type { Notifier } from "../../Services/Allocation/Notifier.ts"
import { say, section, table } from "../Terminal.ts"
import * as Warehouse from "./Warehouse.ts"

/** A post office: who carries notices, and what has arrived, as it came over the wire. */
export interface Post {
  readonly notifier: Layer.Layer<Notifier>
  readonly received: Effect.Effect<ReadonlyArray<string>>
}

/** Orders want more than there is, something comes in, and they want more again. */
export const short = Effect.gen(function* () {
  yield* section("More is wanted than there is")
  yield* Warehouse.orders("LAMP", ["eve", 40], ["fay", 60], ["gus", 3])
  yield* say(
    "Nothing was refused: that there is too little is news, and stands in the log.",
    "Only the first line that found too little has led to a mail. More will come:"
  )
  const { events } = yield* Warehouse.resize("LAMP", "april", 100)
  yield* table(events.map(({ event }) => ["", ...Warehouse.describe(event)]))
  yield* Warehouse.orders("LAMP", ["eve", 40], ["fay", 60])
  yield* say(
    "Something has come in since the last mail, so there is another one. A field of",
    "the event says so: the log knows it, and not the memory of a program."
  )
  yield* table(yield* news)
})

/** The same program with other Layers: notices are collected, then they are mail. */
export const swap = (post: Post) =>
  Effect.gen(function* () {
    yield* section("The same program, another Layer")
    yield* Effect.gen(function* () {
      yield* Warehouse.create("DESK", "shelf", 2)
      yield* Warehouse.orders("DESK", ["hal", 3])
      const collected = yield* Effect.flatten(CollectingNotifier.Collected)
      yield* say(
        `Collected instead of printed: ${collected.map(({ subject }) => `"${subject}"`).join(", ")}.`
      )
      yield* say("It did not begin with the lamps: what others have told, is told.")
    }).pipe(Effect.provide(Layer.provideMerge(Allocation.layer, CollectingNotifier.layer)))
    yield* mailed(post)
  })

// internal

const news = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const { events } = yield* log.readAll({ types: [Message.tagOf(OutOfStock)] })
  const recorded = yield* Decoding.all(Stock.codec, events)
  return recorded.flatMap(({ event, position }) =>
    event._tag === "OutOfStock"
      ? [["", position, event._tag, event.orderId, event.quantity, event.first ? "first: a mail" : ""]]
      : []
  )
})

const mailed = ({ notifier, received }: Post) =>
  Effect.gen(function* () {
    yield* Warehouse.create("SOFA", "shelf", 1)
    const wanted = yield* Warehouse.allocate("SOFA", ["ida", 2], { commandId: "ida-wants-sofas" })
    yield* Subscriptions.settled
    yield* say("Sent by SMTP, and taken by a mail server on this machine:")
    const [first = ""] = yield* received
    yield* say(...letter(first).map((line) => `| ${line}`.trimEnd()))
    yield* SubscriptionControl.moveTo(OutOfStockNotice, wanted.position - 1)
    yield* Subscriptions.settled
    const mails = yield* received
    const ids = new Set(mails.map((mail) => letter(mail).find((line) => line.startsWith("Message-ID"))))
    yield* say(
      "A crash between the mail and the checkpoint would have it sent again. The same",
      `with the checkpoint moved back: mails received ${mails.length}, different ids ${ids.size}.`
    )
  }).pipe(Effect.provide(Layer.provide(Allocation.layer, notifier)))

/** What a reader sees of a mail, and the id. */
const letter = (mail: string): ReadonlyArray<string> => {
  const [head = "", body = ""] = mail.replace(/\r\n[ \t]+/g, " ").split(/\r\n\r\n/)
  const shown = head.split("\r\n").filter((line) => /^(?:To|Subject|Message-ID):/.test(line))
  return [...shown, "", body.trim()]
}
