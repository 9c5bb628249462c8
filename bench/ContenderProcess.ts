/** A contender in a process of its own, so that nobody runs on code that was compiled for somebody else. */
import { fork } from "node:child_process"
import { join } from "node:path"
import type { Name, Plan, Setting } from "./Row.ts"

/** Who takes part in which row. */
export interface Entry {
  readonly row: string
  readonly name: Name
  readonly setting: Setting
  readonly plan: Plan
  /** Nobody else's, and not there yet. */
  readonly directory: string
}

/** What a process is asked to do. */
export interface Turn {
  readonly case: string
  readonly runs: number
}

/** What a turn took, in seconds. */
export interface Taken {
  readonly time: number
  /** Of all processors together; on a busy machine this is the quieter figure. */
  readonly cpu: number
}

/** A process that waits for its turns. */
export interface ContenderProcess {
  readonly entry: Entry
  /** When what its work needs lies ready. */
  readonly ready: Promise<unknown>
  readonly take: (turn: Turn) => Promise<Taken>
  readonly stop: () => Promise<unknown>
}

/** Starts a process; it ends with this one at the latest. */
export const start = (entry: Entry): ContenderProcess => {
  const child = fork(join(import.meta.dirname, "child.ts"), [JSON.stringify(entry)], {
    cwd: import.meta.dirname,
    execArgv: ["--conditions=source", "--import", "tsx"]
  })
  const ended = new Promise<Error>((resolve) => {
    const who = `${entry.name} (${entry.setting})`
    child.once("exit", () => resolve(new Error(`${who} has ended in the middle of "${entry.row}"`)))
  })
  const answer = () =>
    new Promise<Taken>((resolve, reject) => {
      child.once("message", (taken: Taken) => resolve(taken))
      void ended.then(reject)
    })
  return {
    entry,
    ready: answer(),
    take: (turn) => {
      child.send(turn)
      return answer()
    },
    stop: () => {
      if (child.connected) child.disconnect()
      return ended
    }
  }
}
