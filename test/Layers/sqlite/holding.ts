/** Another process that has the lease of "balances" in a file, until it is killed. */
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

/** Starts it; returns when it has the lease, with the name of the process. */
export const holding = (file: string, millis: number) =>
  Effect.gen(function* () {
    const args = [
      "--conditions=source",
      "--import",
      "tsx",
      join(import.meta.dirname, "holder.ts"),
      file,
      String(millis)
    ]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const ended = once(child, "exit")
    const [name] = yield* Effect.promise(() => once(child.stdout, "data"))
    return {
      name: String(name).trim(),
      /** Returns when the process is gone, if the signal ends it. */
      kill: (signal: NodeJS.Signals) =>
        Effect.promise(async () => {
          child.kill(signal)
          if (signal === "SIGKILL") await ended
        })
    }
  })
