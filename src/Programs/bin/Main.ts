/** Runs a program as a process: one line on stderr when it fails, an exit code, and layers closed on a signal. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import { painted } from "../Paint.ts"

/** Tells whoever started the program something, in one line on stderr. */
export const warn = (message: string): Effect.Effect<void> => Effect.sync(() => complain(message))

/** How a command line ends that was not done, made no sense, or shows that something waits for somebody. */
export const exitCodes = { Failed: 1, UsageError: 2, Halted: 3 } as const

/** Runs a program to its end. `exitCode` says which one each failure leads to. */
export const run = <E extends { readonly message: string }>(
  program: Effect.Effect<void, E>,
  exitCode: (error: E) => number
): void => {
  const fiber = Effect.runFork(
    (hasColours() ? painted(program) : program).pipe(
      Effect.provide(Logger.replace(Logger.defaultLogger, onStderr))
    )
  )
  const stop = (code: number) => () => {
    process.exitCode = code
    Effect.runFork(Fiber.interrupt(fiber))
  }
  process.once("SIGINT", stop(130)).once("SIGTERM", stop(143))
  // A reader such as `head` has had enough.
  process.stdout.on("error", stop(141))
  // Node would end as soon as fibers only wait for each other.
  const alive = setInterval(() => {}, 2 ** 31 - 1)
  fiber.addObserver((exit) => {
    clearInterval(alive)
    if (Exit.isSuccess(exit) || Cause.isInterruptedOnly(exit.cause)) return
    const failure = Cause.failureOrCause(exit.cause)
    process.exitCode = failure._tag === "Left" ? exitCode(failure.left) : 1
    complain(failure._tag === "Left" ? failure.left.message : String(Cause.squash(failure.right)))
  })
}

// internal

const complain = (message: string): void => {
  process.stderr.write(`everfold: ${message.replace(/\s+/g, " ").trim()}\n`)
}

/** What everfold tells an operator: a subscriber that has halted, a bus that tries again. */
const onStderr = Logger.make(({ cause, message }) => {
  const texts = [message, Cause.isEmpty(cause) ? [] : Cause.squash(cause)].flat()
  complain(texts.map(String).join(" "))
})

const hasColours = (): boolean => {
  const { NO_COLOR = "", TERM } = process.env
  return process.stdout.isTTY && NO_COLOR === "" && TERM !== "dumb"
}
