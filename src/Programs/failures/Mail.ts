/** A mail server that is away: tried again, set aside, and done later, in order, when somebody asks for it. */
import { Parked, Subscriber, Subscriptions } from "everfold"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { StockUpdated } from "../../Domain/Catalogue/Events.ts"
import type { Heard } from "../Heard.ts"
import * as Shop from "../Shop.ts"
import { say, section, table } from "../Terminal.ts"

/** Loses a mail server, and finds it again. */
export const tell = (heard: Heard) =>
  Effect.gen(function* () {
    const server = { away: false, attempts: 0 }
    yield* Effect.zipRight(away(server, heard), back(server)).pipe(
      Effect.provide(Subscriber.layer(mailBy(server), patience))
    )
  })

// internal

/** The mail server of the lamps' buyer. */
interface Server {
  away: boolean
  attempts: number
}

/** Three attempts, and none of them late: nobody likes to wait for a story. */
const patience = {
  retry: Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(2))
}

/** Writes to the buyer of a product. */
const mailBy = (server: Server) =>
  Subscriber.make("mail", { events: [StockUpdated] }).on({
    StockUpdated: ({ productId, stock }) =>
      Effect.gen(function* () {
        const host = `${productId}s.example`
        if (server.away && productId === "lamp") {
          server.attempts += 1
          return yield* new Away({ message: `${host} does not answer` })
        }
        yield* Console.log(`[MAIL] to buyer@${host}: ${stock} left`)
      })
  })

/** A mail server does not answer. */
class Away extends Data.TaggedError("Away")<{ readonly message: string }> {}

const Mail = { name: "mail" } as const

const away = (server: Server, heard: Heard) =>
  Effect.gen(function* () {
    yield* section("A mail server is away")
    yield* say('"mail" is new: it begins at the beginning of the log.')
    yield* Subscriptions.settled
    yield* say("The server of the lamps' buyer goes away. Changed are lamp, desk, lamp, lamp.")
    server.away = true
    yield* Shop.stock("lamp", 60)
    yield* Shop.stock("desk", 35)
    yield* Shop.stock("lamp", 55)
    yield* Shop.stock("lamp", 52)
    yield* Subscriptions.settled
    yield* say(`The desks' mail has arrived. After ${server.attempts} attempts at the lamps', everfold says:`)
    yield* heard.print
    yield* say("Set aside, in order:")
    const parked = yield* Parked.list(Mail)
    yield* table(
      parked.map(({ attempts, cause, event, position }) => [
        "",
        position,
        event,
        cause === undefined ? "waits behind it" : `tried ${attempts} times`
      ])
    )
  })

const back = (server: Server) =>
  Effect.gen(function* () {
    yield* section("The server is back")
    server.away = false
    const [, second] = yield* Parked.list(Mail)
    const gone = yield* Parked.discard(Mail, { position: second?.position ?? 0 }, "the next one says more")
    yield* say(`${gone.length} of them is discarded, the others are tried again:`)
    yield* Parked.retry(Mail)
    const left = yield* Parked.list(Mail)
    const discarded = yield* Parked.discarded(Mail)
    yield* say(`Set aside now: ${left.length}. On record, with the reason:`)
    yield* table(discarded.map((one) => ["", one.position, one.event, one.discarded ?? ""]))
    yield* say("Operators: mend the cause, then retry; discard what nobody needs any more.")
  })
