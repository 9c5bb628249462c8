/** Notices as mail, handed to an SMTP server. Needs nodemailer. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as nodemailer from "nodemailer"
import type { Notice } from "../../../Services/Allocation/Notifier.ts"
import { NotSent, Notifier } from "../../../Services/Allocation/Notifier.ts"

/** Which server takes the mail, and on whose behalf. */
export interface Options {
  /** Such as `smtp://user:password@mail.example.com:587`. */
  readonly url: string
  readonly from: string
}

/** Sends each notice as a mail whose Message-ID is made of its key: by it a second one is known. */
export const layer = ({ from, url }: Options): Layer.Layer<Notifier> =>
  Layer.scoped(
    Notifier,
    Effect.map(transport(url), (mailer) => ({
      send: ({ body, key, subject, to }: Notice) =>
        Effect.tryPromise({
          try: (signal) =>
            mailer.sendMail({ from, to, subject, text: body, messageId: messageId(key, from), signal }),
          catch: (cause) => new NotSent({ details: String(cause) })
        }).pipe(Effect.asVoid)
    }))
  )

// internal

/** The connection of a mail is closed with it. */
const transport = (url: string) =>
  Effect.acquireRelease(
    Effect.sync(() => nodemailer.createTransport(url)),
    (mailer) => Effect.sync(() => mailer.close())
  )

/** A key may have any printable character; the left side of a Message-ID may not. */
const messageId = (key: string, from: string): string => {
  const left = encodeURIComponent(key).replace(/[.()]/g, (it) => `%${it.charCodeAt(0).toString(16)}`)
  return `<${left}@${from.replace(/^.*@|>.*$/g, "")}>`
}
