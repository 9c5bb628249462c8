/** Names of processes, by which another process of the same machine can tell later whether they have ended. */
import { readFileSync, readlinkSync } from "node:fs"

/** The name of this process, which no other one ever has; empty where the system does not tell (`/proc` of Linux does). */
export const own = (): string => {
  const self = stateOf("self")
  return self === undefined ? "" : JSON.stringify([place(), process.pid, self.began])
}

/** Whether a process has ended, for certain: of another machine or container, or of no name, nothing is known. */
export const hasEnded = (name: string): boolean => {
  const [there, pid, began] = parse(name)
  if (typeof pid !== "number" || there === undefined || there !== place()) return false
  const found = stateOf(pid)
  // One that may not be looked at (`hidepid`) is there all the same.
  return found === undefined ? !exists(pid) : found.began !== began || found.over
}

// internal

/** This start of the machine, and the container in which numbers of processes mean something. */
const place = (): string | undefined =>
  attempt(
    () =>
      `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`
  )

/** When a process began, in ticks since the start of the machine, and whether only its name is left. */
const stateOf = (pid: number | "self") => {
  // The name of the program is in brackets, and may have brackets and spaces itself.
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? []
  const [state, began] = [fields[0], fields[19]]
  return began === undefined ? undefined : { began, over: state === "Z" || state === "X" }
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}

const parse = (name: string): ReadonlyArray<unknown> => {
  const value: unknown = attempt(() => JSON.parse(name))
  return Array.isArray(value) ? value : []
}

const attempt = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}
