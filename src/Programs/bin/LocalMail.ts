/** A mail server on this machine, as long as somebody needs one, and notices that are sent to it. */
import { text } from "node:stream/consumers"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { SMTPServer } from "smtp-server"
import * as SmtpNotifier from "../../Layers/Allocation/smtp/SmtpNotifier.ts"
import type { Post } from "../allocation/Notices.ts"

/** The server cannot be started. */
export class NoServer extends Data.TaggedError("NoServer")<{ readonly message: string }> {}

/** A server, and what it has got. */
export interface MailServer {
  readonly url: string
  /** Mails as they came over the wire, oldest first. */
  readonly received: Effect.Effect<ReadonlyArray<string>>
}

/** Starts a server on a free port. It takes a mail unless it `refuses`, for reasons that pass. */
export const open = (
  refuses: () => boolean = () => false
): Effect.Effect<MailServer, NoServer, Scope.Scope> =>
  Effect.gen(function* () {
    const mails: Array<string> = []
    const take = async (mail: Promise<string>) => {
      const raw = await mail
      if (refuses()) throw Object.assign(new Error("come again later"), { responseCode: 451 })
      mails.push(raw)
    }
    const server = new SMTPServer({
      ...plain,
      onData: (stream, _, answer) => {
        take(text(stream)).then(() => answer(), answer)
      }
    })
    const port = yield* Effect.acquireRelease(listen(server), () => close(server))
    return { url: `smtp://127.0.0.1:${port}`, received: Effect.sync(() => [...mails]) }
  })

/** Notices by mail, and a server where they arrive. */
export const post: Effect.Effect<Post, NoServer, Scope.Scope> = Effect.map(open(), ({ received, url }) => ({
  notifier: SmtpNotifier.layer({ url, from: "everfold@example.com" }),
  received
}))

// internal

/** Nobody logs in, nothing is encrypted, nothing is printed: the mail does not leave the machine. */
const plain = {
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  closeTimeout: 1000,
  logger: false
}

const listen = (server: SMTPServer) =>
  Effect.async<number, NoServer>((resume) => {
    const socket = server.listen(0, "127.0.0.1", () => {
      const address = socket.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
    server.on("error", (error) => resume(new NoServer({ message: String(error) })))
  })

const close = (server: SMTPServer) => Effect.async<void>((resume) => server.close(() => resume(Effect.void)))
