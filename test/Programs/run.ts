/** Programs as processes of their own: what they print, and how they end. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Somebody from "../Somebody.ts"

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What to start, and what to do while it runs. */
export interface Options {
  readonly nodeArgs?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
  /** Called once, when the process has printed something. */
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void) => void
  /** As somebody who may not do everything, where that can be chosen. */
  readonly asSomebody?: boolean
  /** Nobody reads what it prints. */
  readonly deaf?: boolean
}

/** Runs a file of this project to its end. */
export const run = (
  file: string,
  { args = [], nodeArgs = [], ...options }: Options & { readonly args?: ReadonlyArray<string> } = {}
): Promise<Ended> => {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  return start([...nodeArgs, "--conditions=source", "--import", "tsx", path, ...args], options)
}

/** Runs Node to its end. */
export const start = (
  args: ReadonlyArray<string>,
  { asSomebody, deaf, env, onOutput }: Omit<Options, "nodeArgs"> = {}
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(asSomebody === true && Somebody.options)
    })
    let stdout = ""
    let stderr = ""
    if (deaf === true) child.stdout.destroy()
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
    child.stdout.once("data", () => onOutput?.((signal) => child.kill(signal)))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }))
  })
