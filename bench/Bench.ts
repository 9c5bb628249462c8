/** Measures rows, one after the other, with everything that their contenders need beside them. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Bundle from "./Bundle.ts"
import type { Start } from "./ContenderProcess.ts"
import type { Effort, Result } from "./Contest.ts"
import * as Contest from "./Contest.ts"
import type { Row, Setting } from "./Row.ts"
import { slowSync } from "./Setting.ts"
import * as SlowSync from "./SlowSync.ts"

/** Measures rows, and tells of each as soon as it is done. */
export const measure = async (
  rows: ReadonlyArray<Row>,
  effort: Effort,
  tell: (result: Result) => void
): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), "everfold-shim-"))
  const program = await Bundle.of("child.ts")
  try {
    const starts = startsOf(program, directory)
    const results: Array<Result> = []
    for (const row of rows) {
      const result = await Contest.measure(row, effort, starts)
      tell(result)
      results.push(result)
    }
    return {
      scores: results.flatMap(({ scores }) => scores),
      absences: results.flatMap(({ absences }) => absences)
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

// internal

/** How the process of a setting is started, or why it cannot be. */
const startsOf = (program: string, directory: string) => {
  const slow = SlowSync.environment(directory)
  return (setting: Setting): Start | string => {
    if (setting !== slowSync) return { program, env: process.env }
    return slow === undefined ? "the shim that makes a sync slow does not build here" : { program, env: slow }
  }
}
