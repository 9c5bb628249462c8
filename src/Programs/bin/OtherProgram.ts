/** Another program on the files of this one, which is killed as soon as it has sold something. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Ended, Sale } from "../stages/5-bus/Elsewhere.ts"
import { Elsewhere, NotKilled } from "../stages/5-bus/Elsewhere.ts"

/** Lets a story start it, if there are files. */
export const on =
  (directory: string | undefined) =>
  <A, E, R>(story: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    directory === undefined
      ? story
      : Effect.provideService(
          story,
          Elsewhere,
          Option.some((sale: Sale) => dies(directory, sale))
        )

// internal

/** Runs `dying.ts` to its end, in the way in which this program was started. */
const dies = (directory: string, { commandId, name, stock }: Sale): Effect.Effect<Ended, NotKilled> =>
  Effect.async((resume) => {
    const file = fileURLToPath(new URL("./dying.ts", import.meta.url))
    const args = [...process.execArgv, file, directory, name, String(stock), commandId]
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
    let receipts = 0
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      receipts += text.split("receipt").length - 1
    })
    child.on("error", ({ message }) => resume(new NotKilled({ message })))
    child.on("close", (code, signal) =>
      resume(
        signal === "SIGKILL"
          ? Effect.succeed({ signal, receipts })
          : new NotKilled({ message: `the other program was not killed; it ended with ${signal ?? code}` })
      )
    )
    return Effect.sync(() => void child.kill("SIGKILL"))
  })
