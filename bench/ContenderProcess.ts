/** A contender in a process of its own, so that nobody runs on code that was compiled for somebody else. */
import { fork } from "node:child_process"
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

/** How a process is started. */
export interface Start {
  /** The file that `node` runs: `child.ts` with all that it imports. */
  readonly program: string
  readonly env: NodeJS.ProcessEnv
}

/** What a process is asked to do. */
export interface Turn {
  readonly case: string
  readonly runs: number
}

/** What a turn took. */
export interface Taken {
  /** In seconds. */
  readonly time: number
  /** In seconds, of all processors together; on a busy machine this is the quieter figure. */
  readonly cpu: number
  /** The most memory that the process has had so far, in bytes. */
  readonly memory: number
}

/** What a process says first: nothing is in its way, or why it cannot take part here. */
export interface Ready {
  readonly absent?: string
}

/** A process that waits for its turns. */
export interface ContenderProcess {
  readonly entry: Entry
  /** When what its work needs lies ready. */
  readonly ready: Promise<Ready>
  readonly take: (turn: Turn) => Promise<Taken>
  readonly stop: () => Promise<unknown>
}

/** Starts a process; it ends with this one at the latest. */
export const start = (entry: Entry, { env, program }: Start): ContenderProcess => {
  const child = fork(program, [JSON.stringify(entry)], { cwd: import.meta.dirname, env })
  const ended = new Promise<Error>((resolve) => {
    const who = `${entry.name} (${entry.setting})`
    child.once("exit", () => resolve(new Error(`${who} has ended in the middle of "${entry.row}"`)))
  })
  const answer = <A>() =>
    new Promise<A>((resolve, reject) => {
      child.once("message", (message: A) => resolve(message))
      void ended.then(reject)
    })
  return {
    entry,
    ready: answer<Ready>(),
    take: (turn) => {
      child.send(turn)
      return answer<Taken>()
    },
    stop: () => {
      if (child.connected) child.disconnect()
      return ended
    }
  }
}
