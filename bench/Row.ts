/** The words of the bench: a row is one kind of work, its cases are the sizes and manners in which it comes. */
import type * as Layer from "effect/Layer"
import type { Contender } from "./Contender.ts"
import type { Engine, StoreError } from "./everfold.ts"
import type { RawStore } from "./raw/RawStore.ts"

/** Who takes part: SQL by hand on the fewest tables, SQL by hand on everfold's tables and triggers, everfold. */
export type Name = "bare" | "equal" | "everfold"

/** How durable a commit is, or that there is no file at all. */
export type Setting = "FULL" | "NORMAL" | "memory"

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

/** The work of each case: does so many runs. */
export type Work<Cases extends string, Done> = Readonly<Record<Cases, (runs: number) => Done>>

/** One kind of work, done twice. What happens before the work is returned is not timed. */
export interface Row<Cases extends string = string> {
  readonly name: string
  readonly settings: ReadonlyArray<Setting>
  readonly cases: Readonly<Record<Cases, Case>>
  readonly everfold: (stack: Stack, plan: Plan<Cases>) => Promise<Contender>
  readonly raw: (store: RawStore, plan: Plan<Cases>) => Work<Cases, void>
}

/** The whole kernel on some store. */
export type Stack = Layer.Layer<Engine.Stack, StoreError.StoreError>
