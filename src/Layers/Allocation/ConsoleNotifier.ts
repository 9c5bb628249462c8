/** Notices as lines on a terminal. */
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import { Notifier } from "../../Services/Allocation/Notifier.ts"

/** Prints `[MAIL] to <address>: <subject>`. */
export const layer: Layer.Layer<Notifier> = Layer.succeed(Notifier, {
  send: ({ subject, to }) => Console.log(`[MAIL] to ${to}: ${subject}`)
})
