import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, MemoryStack, Subscriptions } from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { createServer } from "node:net"
import { Stock } from "../../../../src/Domain/Allocation/Stock.ts"
import * as Allocation from "../../../../src/Layers/Allocation/Module.ts"
import { OutOfStockNotice } from "../../../../src/Layers/Allocation/OutOfStockNotice.ts"
import * as SmtpNotifier from "../../../../src/Layers/Allocation/smtp/SmtpNotifier.ts"
import * as LocalMail from "../../../../src/Programs/bin/LocalMail.ts"
import { Notifier } from "../../../../src/Services/Allocation/Notifier.ts"
import { allocate, createBatch } from "../../../Domain/Allocation/samples.ts"

const notice = { to: "stock@example.com", subject: "Out of stock: LAMP", body: "No lamps.", key: "id#0/me" }

const sending = (url: string, from = "everfold@example.com") =>
  Effect.provide(
    Effect.flatMap(Notifier, ({ send }) => send(notice)),
    SmtpNotifier.layer({ url, from })
  )

/** The header lines of a mail by their names, and its text. */
const parsed = (mail: string) => {
  const [head = "", text = ""] = mail.replace(/\r\n[ \t]+/g, " ").split("\r\n\r\n")
  const headers = head.split("\r\n").map((line): [string, string] => {
    const [name = "", ...rest] = line.split(": ")
    return [name, rest.join(": ")]
  })
  return { ...Object.fromEntries(headers), text: text.trim() }
}

/** A server that takes a call, and says nothing. */
const silent = Effect.gen(function* () {
  const connected = yield* Deferred.make<void>()
  const hungUp = yield* Deferred.make<void>()
  const server = createServer((socket) => {
    Deferred.unsafeDone(connected, Effect.void)
    socket.on("error", () => {}).on("close", () => Deferred.unsafeDone(hungUp, Effect.void))
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () => Effect.async<void>((resume) => void server.close(() => resume(Effect.void)))
  )
  return { connected, hungUp, url: `smtp://127.0.0.1:${port}` }
})

describe("SmtpNotifier", () => {
  it.scopedLive("hands a notice to a server as a mail, with an id that is made of its key", () =>
    Effect.gen(function* () {
      const { received, url } = yield* LocalMail.open()
      yield* sending(url)
      yield* sending(url, "Everfold <everfold@shop.example>")
      const mails = (yield* received).map(parsed)
      expect(mails).toMatchObject([
        {
          From: "everfold@example.com",
          To: "stock@example.com",
          Subject: "Out of stock: LAMP",
          "Message-ID": "<id%230%2Fme@example.com>",
          text: "No lamps."
        },
        { From: "Everfold <everfold@shop.example>", "Message-ID": "<id%230%2Fme@shop.example>" }
      ])
    })
  )

  it.scopedLive("fails when the server does not take it, or is not there", () =>
    Effect.gen(function* () {
      const { received, url } = yield* LocalMail.open(() => true)
      expect(yield* Effect.flip(sending(url))).toMatchObject({
        _tag: "NotSent",
        details: expect.stringContaining("come again later")
      })
      expect(yield* received).toEqual([])
      const away = yield* Effect.scoped(Effect.map(LocalMail.open(), ({ url }) => url))
      expect(yield* Effect.flip(sending(away))).toMatchObject({
        _tag: "NotSent",
        details: expect.stringContaining("ECONNREFUSED")
      })
    })
  )

  it.scopedLive("hangs up when nobody waits any more", () =>
    Effect.gen(function* () {
      const { connected, hungUp, url } = yield* silent
      const fiber = yield* Effect.fork(sending(url))
      yield* Deferred.await(connected)
      yield* Fiber.interrupt(fiber)
      yield* Deferred.await(hungUp)
    })
  )

  it.scoped("is asked again when a server that was full has room: one mail, on the second attempt", () =>
    Effect.gen(function* () {
      let asked = 0
      const { received, url } = yield* LocalMail.open(() => ++asked === 1)
      const notifier = SmtpNotifier.layer({ url, from: "everfold@example.com" })
      yield* Effect.gen(function* () {
        yield* CommandHandler.handle(Stock, createBatch("b1", 5))
        yield* CommandHandler.handle(Stock, allocate("o1", 10), { commandId: "first" })
        const running = yield* Subscriptions.running(OutOfStockNotice)
        yield* running.until(({ status }) => status === "Retrying")
        yield* TestClock.adjust("1 minute")
        yield* Subscriptions.settled
        const mails = (yield* received).map(parsed)
        expect(mails).toMatchObject([{ "Message-ID": "<first%230%2Fout-of-stock-notice@example.com>" }])
        expect(asked).toBe(2)
      }).pipe(
        Effect.provide(Allocation.layer.pipe(Layer.provide(notifier), Layer.provideMerge(MemoryStack.layer)))
      )
    })
  )
})
