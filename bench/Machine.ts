/** Where figures come from. */
import { arch, cpus, platform } from "node:os"

export interface Machine {
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly cpu: string
  readonly cpus: number
}

/** This one. */
export const here = (): Machine => ({
  node: process.version,
  platform: platform(),
  arch: arch(),
  cpu: cpus()[0]?.model ?? "unknown",
  cpus: cpus().length
})
