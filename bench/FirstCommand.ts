/** How long a program needs from its start to its first command, which it says is done. */
import { spawn } from "node:child_process"

/** Runs a program to its end, and returns the seconds until it has said something. */
export const seconds = async (command: string, args: ReadonlyArray<string>): Promise<number> => {
  const begin = performance.now()
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] })
  let said: number | undefined
  child.stdout.once("data", () => (said = (performance.now() - begin) / 1e3))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", resolve)
  })
  if (code !== 0 || said === undefined) throw new Error(`${command} ${args.join(" ")} has ended with ${code}`)
  return said
}
