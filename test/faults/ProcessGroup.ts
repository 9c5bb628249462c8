/** Processes that end, with all that they have started, when nobody waits for them any more. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcess } from "node:child_process"

/** How a process ended, and the end of what it printed. */
export interface End {
  /** `null` when it was killed. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Starts a process; `detached`, so that it leads a group, which is killed when the scope closes. */
export const start = <P extends ChildProcess>(launch: () => P): Effect.Effect<P, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(launch), (child) => Effect.sync(() => killGroup(child)))

/** Waits for the end of a process, and keeps what it prints. */
export const ended = (child: ChildProcess): Effect.Effect<End> =>
  Effect.async((resume) => {
    let output = ""
    const keep = (text: Buffer) => (output = `${output}${text.toString()}`.slice(-4000))
    child.stdout?.on("data", keep)
    child.stderr?.on("data", keep)
    child.once("error", (error) => resume(Effect.die(error)))
    // Whoever it has left behind would hold its output open.
    child.once("exit", () => killGroup(child))
    child.once("close", (code, signal) => resume(Effect.succeed({ code, signal, output: output.trimEnd() })))
  })

// internal

const killGroup = ({ pid }: ChildProcess) => {
  if (pid === undefined) return
  try {
    process.kill(-pid, "SIGKILL")
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
  }
}
