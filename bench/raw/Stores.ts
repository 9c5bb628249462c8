/** The two stores that are written by hand. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { onCalls, type Work } from "../Contender.ts"
import { SqliteStack } from "../everfold.ts"
import type { Entrant, Place, Setting } from "../Row.ts"
import { durability } from "../Setting.ts"
import * as BareLog from "./BareLog.ts"
import * as BareRows from "./BareRows.ts"
import * as EqualLog from "./EqualLog.ts"
import * as EqualRows from "./EqualRows.ts"
import type { RawLog, RawRows, RawStore } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Where a store is made, and how sure its commits are. */
type Where = Pick<Place, "directory" | "setting">

/** The fewest tables with which the work can be done. */
export const bare = async (place: Where): Promise<RawStore> => open(place, BareLog.make, BareRows.make)

/** The files are made by everfold, so that its tables and triggers are what is written to. */
export const equal = async (place: Where): Promise<RawStore> => {
  const { directory } = place
  await Effect.runPromise(Effect.scoped(Layer.build(SqliteStack.layer({ directory }))))
  return open(place, EqualLog.make, EqualRows.make)
}

/** Both, at the same work. */
export const entrants = <Cases extends string>(
  settings: ReadonlyArray<Setting>,
  work: (store: RawStore, place: Place<Cases>) => Work<Cases, number | void>,
  cases?: ReadonlyArray<Cases>
): ReadonlyArray<Entrant<Cases>> => [
  { name: "bare", settings, cases, open: async (place) => onCalls(work(await bare(place), place)) },
  { name: "equal", settings, cases, open: async (place) => onCalls(work(await equal(place), place)) }
]

// internal

const open = (
  { directory, setting }: Where,
  makeLog: (database: Sql.Database) => RawLog,
  makeRows: (database: Sql.Database) => RawRows
): RawStore => ({
  log: makeLog(Sql.open(join(directory, "log.db"), durability(setting))),
  // As in everfold: what is lost in a power cut is built again.
  rows: makeRows(Sql.open(join(directory, "read.db"), "NORMAL"))
})
