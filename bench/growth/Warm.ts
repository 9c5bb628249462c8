/**
 * Work whose code is compiled before it is measured. What is appended makes a log longer, so that few runs must do
 * where the length counts.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Open, Plan } from "../Row.ts"
import * as Length from "./Length.ts"

/** Does so many runs of some cases on another log first. */
export const warm =
  <Cases extends string>(runs: Partial<Plan<Cases>>, open: Open<Cases>): Open<Cases> =>
  async (place) => {
    const folder = (name: string) => {
      const directory = join(place.directory, name)
      mkdirSync(directory)
      return directory
    }
    const plan = { ...place.plan, ...runs }
    const other = await open({ directory: folder("other"), setting: Length.setting(1e4), plan })
    for (const [name, count] of Object.entries<number | undefined>(runs)) await other(name, count ?? 0)
    return open({ ...place, directory: folder("log") })
  }
