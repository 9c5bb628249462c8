/** Others who do the same work. Their packages are loaded by whoever takes part, and need not be installed. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { installed } from "./Absent.ts"
import type { Contender } from "./Contender.ts"
import type { Open, Place } from "./Row.ts"

/** Somebody whose packages lie in this folder. */
export const packaged = <Cases extends string>(load: () => Promise<Open<Cases>>): Open<Cases> =>
  installed("npm ci --prefix bench", async (place) => (await load())(place))

/** Somebody in Python. */
export const python = <Cases extends string>(load: () => Promise<Open<Cases>>): Open<Cases> =>
  installed("python3 is needed", async (place: Place<Cases>): Promise<Contender> => {
    await promisify(execFile)("python3", ["--version"])
    return (await load())(place)
  })
