/** Measures a row: round after round everybody has a turn, so that a slow moment is slow for all. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ContenderProcess, Start } from "./ContenderProcess.ts"
import * as Process from "./ContenderProcess.ts"
import type { Case, Name, Row, Setting } from "./Row.ts"

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
  /** The most memory that the process has had so far, in bytes. */
  readonly memory: number
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

/** Somebody who could not take part, and why. */
export interface Absence {
  readonly row: string
  readonly name: Name
  readonly setting: Setting
  readonly why: string
}

/** What came of a row. */
export interface Result {
  readonly scores: ReadonlyArray<Score>
  readonly absences: ReadonlyArray<Absence>
}

/** Starts whoever takes part, each as `starts` says for its setting, or not at all for the reason that it gives. */
export const measure = async (
  row: Row,
  effort: Effort,
  starts: (setting: Setting) => Start | string
): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), "everfold-bench-"))
  const bounded = boundedBy(row, effort)
  const entered = enter(row, bounded, directory, starts)
  try {
    const gone = new Map<ContenderProcess, string>()
    for (const { contender } of entered.players) {
      const { absent } = await contender.ready.catch(unlessNeeded(contender.entry))
      if (absent !== undefined) gone.set(contender, absent)
    }
    const turns = turnsOf(row, entered.players)
    await play(turns, gone, bounded)
    const left = Array.from(gone, ([{ entry }, why]) => absence(entry, why))
    const scores = turns.filter(({ contender }) => !gone.has(contender)).map((turn) => scoreOf(row, turn))
    return { scores, absences: [...entered.absences, ...left] }
  } finally {
    await Promise.all(entered.players.map(({ contender }) => contender.stop()))
    await rm(directory, { recursive: true })
  }
}

// internal

const boundedBy = ({ atMost }: Row, { rounds, share, warmup }: Effort): Effort => ({
  warmup: Math.min(warmup, atMost?.warmup ?? warmup),
  rounds: Math.min(rounds, atMost?.rounds ?? rounds),
  share
})

/** Somebody, and what they take part in. */
interface Player {
  readonly contender: ContenderProcess
  readonly cases: ReadonlyArray<string>
}

const enter = (row: Row, effort: Effort, directory: string, starts: (setting: Setting) => Start | string) => {
  const plan = planOf(row, effort)
  const players: Array<Player> = []
  const absences: Array<Absence> = []
  for (const { cases = Object.keys(row.cases), name, settings } of row.contenders) {
    for (const setting of settings) {
      const folder = String(players.length + 1)
      const entry = { row: row.name, name, setting, plan, directory: join(directory, folder) }
      const start = starts(setting)
      if (typeof start === "string") absences.push(absence(entry, start))
      else players.push({ contender: Process.start(entry, start), cases })
    }
  }
  return { players, absences }
}

const absence = ({ name, row, setting }: Process.Entry, why: string): Absence => ({ row, name, setting, why })

const runsOf = (runs: number, { share }: Effort) => Math.max(1, Math.round(runs * share))

const planOf = ({ cases }: Row, effort: Effort) =>
  Object.fromEntries(
    Object.entries(cases).map(([name, { runs }]) => [
      name,
      runsOf(runs, effort) * (effort.warmup + effort.rounds)
    ])
  )

/** Somebody's turns at a case. */
interface Turns {
  readonly name: string
  readonly one: Case
  readonly contender: ContenderProcess
  readonly rounds: Array<Round>
}

const turnsOf = (row: Row, players: ReadonlyArray<Player>): ReadonlyArray<Turns> =>
  Object.entries(row.cases).flatMap(([name, one]) =>
    players
      .filter(({ cases }) => cases.includes(name))
      .map(({ contender }): Turns => ({ name, one, contender, rounds: [] }))
  )

/** All cases of a round lie close together, so that any two can be compared; and in a case, those who do it. */
const play = async (turns: ReadonlyArray<Turns>, gone: Map<ContenderProcess, string>, effort: Effort) => {
  for (let round = -effort.warmup; round < effort.rounds; round += 1) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const { contender } = turn
      if (gone.has(contender)) continue
      const failed = await take(turn, round >= 0, effort).catch(unlessNeeded(contender.entry))
      if (failed?.absent !== undefined) gone.set(contender, failed.absent)
    }
  }
}

/** Without everfold and its references nothing is worth measuring; whoever else fails does not take part any more. */
const unlessNeeded =
  ({ name }: Process.Entry) =>
  (error: unknown): Process.Ready => {
    if (name === "everfold" || name === "equal" || name === "bare") throw error
    return { absent: error instanceof Error ? error.message : String(error) }
  }

const scoreOf = (row: Row, { contender: { entry }, name, one, rounds }: Turns): Score => ({
  row: row.name,
  case: name,
  unit: one.unit,
  name: entry.name,
  setting: entry.setting,
  rounds
})

const take = async (
  { contender, name, one, rounds }: Turns,
  counts: boolean,
  effort: Effort
): Promise<Process.Ready | undefined> => {
  const runs = runsOf(one.runs, effort)
  const units = one.size * runs
  const { cpu, memory, time } = await contender.take({ case: name, runs })
  if (counts) rounds.push({ speed: units / time, cpu: (cpu * 1e6) / units, memory })
  return undefined
}
