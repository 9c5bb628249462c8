/** The two stores that are written by hand. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqliteStack } from "../everfold.ts"
import * as BareLog from "./BareLog.ts"
import * as BareRows from "./BareRows.ts"
import * as EqualLog from "./EqualLog.ts"
import * as EqualRows from "./EqualRows.ts"
import type { RawLog, RawRows, RawStore } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** The fewest tables with which the work can be done. */
export const bare = (directory: string, durability: Sql.Durability): RawStore =>
  open(directory, durability, BareLog.make, BareRows.make)

/** The files are made by everfold, so that its tables and triggers are what is written to. */
export const equal = async (directory: string, durability: Sql.Durability): Promise<RawStore> => {
  await Effect.runPromise(Effect.scoped(Layer.build(SqliteStack.layer({ directory }))))
  return open(directory, durability, EqualLog.make, EqualRows.make)
}

// internal

const open = (
  directory: string,
  durability: Sql.Durability,
  makeLog: (database: Sql.Database) => RawLog,
  makeRows: (database: Sql.Database) => RawRows
): RawStore => ({
  log: makeLog(Sql.open(join(directory, "log.db"), durability)),
  // As in everfold: what is lost in a power cut is built again.
  rows: makeRows(Sql.open(join(directory, "read.db"), "NORMAL"))
})
