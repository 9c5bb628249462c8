/** A disk on which each sync takes a millisecond longer, for programs that are started with an environment. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

/** Compiles `sync.c` into a folder; undefined where that does not work: no C compiler, or not Linux. */
export const environment = (directory: string): NodeJS.ProcessEnv | undefined => {
  if (process.platform !== "linux") return undefined
  const library = join(directory, "sync.so")
  const source = join(import.meta.dirname, "sync.c")
  const { status } = spawnSync("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"])
  return status === 0 ? { ...process.env, LD_PRELOAD: library } : undefined
}
