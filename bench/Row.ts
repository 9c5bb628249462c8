/** The words of the bench: a row is one kind of work, its cases are the sizes and manners in which it comes. */
import type { Contender } from "./Contender.ts"

/** Who takes part; `bare` and `equal` are SQL by hand on the fewest tables, and on everfold's tables and triggers. */
export type Name = "bare" | "equal" | "everfold" | "emmett" | "castore" | "act" | "python"

/**
 * What contenders of the same name differ in: how durable a commit is (`FULL`, `NORMAL`), that there is no file at all
 * (`memory`), or how long the log is.
 */
export type Setting = string

/** Something that is counted and timed. */
export interface Case {
  /** What is counted. */
  readonly unit: string
  /** How many of them one run does. */
  readonly size: number
  /** How many runs a round has. */
  readonly runs: number
}

/** How many runs of each case are to come, so that what they need can lie ready. */
export type Plan<Cases extends string = string> = Readonly<Record<Cases, number>>

/** Where a contender works: a folder of its own, which is empty, and what is to come. */
export interface Place<Cases extends string = string> {
  readonly directory: string
  readonly setting: Setting
  readonly plan: Plan<Cases>
}

/** Prepares, which is not timed, and returns who does the work. */
export type Open<Cases extends string = string> = (place: Place<Cases>) => Promise<Contender>

/** Somebody who takes part, once for each setting. */
export interface Entrant<Cases extends string = string> {
  readonly name: Name
  readonly settings: ReadonlyArray<Setting>
  /** Only these cases. */
  readonly cases?: ReadonlyArray<Cases> | undefined
  /** Needs seconds for a run, and is left out of a quick one. */
  readonly slow?: true
  readonly open: Open<Cases>
}

/** One kind of work, done by several. */
export interface Row<Cases extends string = string> {
  readonly name: string
  readonly cases: Readonly<Record<Cases, Case>>
  readonly contenders: ReadonlyArray<Entrant<Cases>>
  /** No more rounds than these, where one takes long. */
  readonly atMost?: { readonly warmup: number; readonly rounds: number }
  /** Takes minutes, and is left out of a quick run. */
  readonly long?: true
}
