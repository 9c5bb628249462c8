/** Measures a row: round after round everybody has a turn, so that a slow moment is slow for all. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ContenderProcess } from "./ContenderProcess.ts"
import * as Process from "./ContenderProcess.ts"
import type { Name, Row, Setting } from "./Row.ts"

/** How long to measure. */
export interface Effort {
  /** Rounds before those that count. */
  readonly warmup: number
  readonly rounds: number
  /** What part of a row's runs a round has. */
  readonly share: number
}

/** What a round was like. */
export interface Round {
  /** Units per second. */
  readonly speed: number
  /** Microseconds of processors per unit. */
  readonly cpu: number
}

/** What somebody has done of a case. */
export interface Score {
  readonly row: string
  readonly case: string
  readonly unit: string
  readonly name: Name
  readonly setting: Setting
  readonly rounds: ReadonlyArray<Round>
}

export const measure = async (row: Row, effort: Effort): Promise<ReadonlyArray<Score>> => {
  const directory = await mkdtemp(join(tmpdir(), "everfold-bench-"))
  const plan = planOf(row, effort)
  const contenders = entrants(row).map(([name, setting]) =>
    Process.start({ row: row.name, name, setting, plan, directory: join(directory, `${name}-${setting}`) })
  )
  try {
    await Promise.all(contenders.map(({ ready }) => ready))
    const scores: Array<Score> = []
    for (const name of Object.keys(row.cases)) {
      scores.push(...(await measureCase(row, name, contenders, effort)))
    }
    return scores
  } finally {
    await Promise.all(contenders.map(({ stop }) => stop()))
    await rm(directory, { recursive: true })
  }
}

// internal

const entrants = ({ settings }: Row): ReadonlyArray<readonly [Name, Setting]> =>
  settings.flatMap((setting) => names(setting).map((name): [Name, Setting] => [name, setting]))

/** In memory there is no SQL to write. */
const names = (setting: Setting): ReadonlyArray<Name> =>
  setting === "memory" ? ["everfold"] : ["bare", "equal", "everfold"]

const runsOf = (runs: number, { share }: Effort) => Math.max(1, Math.round(runs * share))

const planOf = ({ cases }: Row, effort: Effort) =>
  Object.fromEntries(
    Object.entries(cases).map(([name, { runs }]) => [
      name,
      runsOf(runs, effort) * (effort.warmup + effort.rounds)
    ])
  )

const measureCase = async (
  row: Row,
  name: string,
  contenders: ReadonlyArray<ContenderProcess>,
  effort: Effort
): Promise<ReadonlyArray<Score>> => {
  const one = row.cases[name]
  if (one === undefined) return []
  const runs = runsOf(one.runs, effort)
  const units = one.size * runs
  const rounds = contenders.map((): Array<Round> => [])
  for (let round = -effort.warmup; round < effort.rounds; round += 1) {
    const order = [...contenders.entries()]
    for (const [index, contender] of round % 2 === 0 ? order : order.reverse()) {
      const { cpu, time } = await contender.take({ case: name, runs })
      if (round >= 0) rounds[index]?.push({ speed: units / time, cpu: (cpu * 1e6) / units })
    }
  }
  return contenders.map(({ entry }, index) => ({
    row: row.name,
    case: name,
    unit: one.unit,
    name: entry.name,
    setting: entry.setting,
    rounds: rounds[index] ?? []
  }))
}
