/** A life of a process that ends by `kill -9`: what it was asked, and what it had answered. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { join } from "node:path"
import * as Bundle from "../Bundle.ts"
import * as ProcessGroup from "../ProcessGroup.ts"
import * as Trade from "./Trade.ts"

/** How a process lives, and when it dies. */
export interface Plan {
  readonly directory: string
  readonly name: string
  readonly seed: number
  /** Killed from outside, so many milliseconds after so many answers; or by itself, at a crash point. */
  readonly end:
    { readonly answers: number; readonly delay: number } | { readonly point: number; readonly nth: number }
}

/** What is known of a process that is no more. */
export interface Life {
  readonly asked: ReadonlyMap<string, Trade.Command>
  readonly answered: ReadonlyArray<string>
}

/** Lives a life to its end. */
export const live = ({ directory, end, name, seed }: Plan): Effect.Effect<Life, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const crash = "point" in end ? [String(end.point), String(end.nth)] : []
    const program = yield* Bundle.of(join(import.meta.dirname, "living.ts"))
    const child = yield* ProcessGroup.start(() =>
      spawn(process.execPath, [program, directory, name, String(seed), ...crash], {
        detached: true,
        stdio: ["ignore", "pipe", "inherit"]
      })
    )
    let printed = ""
    let answers = 0
    child.stdout.on("data", (text: Buffer) => {
      printed += text.toString()
      answers += text.toString().split("answer ").length - 1
      if ("answers" in end && answers >= end.answers) setTimeout(() => child.kill("SIGKILL"), end.delay)
    })
    const { code, signal } = yield* ProcessGroup.ended(child)
    if (signal !== "SIGKILL") return yield* Effect.fail(`life ${name} ended by itself (${signal ?? code})`)
    return yield* read(printed)
  })

// internal

/** The last line may have been cut off by the end. */
const read = (printed: string): Effect.Effect<Life, unknown> =>
  Effect.gen(function* () {
    const asked = new Map<string, Trade.Command>()
    const answered: Array<string> = []
    for (const line of printed.split("\n").slice(0, -1)) {
      const [word, id = "", ...text] = line.split(" ")
      if (word === "answer") answered.push(id)
      else asked.set(id, yield* Trade.door.decode(text.join(" ")))
    }
    return { asked, answered }
  })
