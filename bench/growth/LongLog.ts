/** A log that is long before it is measured: everfold's own file, filled by hand because that is fast. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accounts } from "../Account.ts"
import { history } from "../Deposits.ts"
import { SqliteStack } from "../everfold.ts"
import * as EqualLog from "../raw/EqualLog.ts"
import * as Sql from "../raw/Sql.ts"
import type { Place } from "../Row.ts"
import * as Length from "./Length.ts"

/** What lies in a log. */
export interface LongLog {
  readonly events: number
  /** Whose streams have 8 events, and are there for commands that are to come. */
  readonly fresh: ReadonlyArray<string>
  /** Whose streams have 10 events. */
  readonly old: ReadonlyArray<string>
}

/** Writes a log as long as the setting says, which a stack or a hand can open. */
export const write = async (place: Pick<Place, "directory" | "setting">, commands = 0): Promise<LongLog> => {
  const { directory } = place
  await Effect.runPromise(Effect.scoped(Layer.build(SqliteStack.layer({ directory }))))
  const database = Sql.open(join(directory, "log.db"), "NORMAL")
  const log = EqualLog.make(database)
  const fresh = accounts("fresh", commands)
  const old = accounts("old", Math.floor((Length.of(place) - commands * 8) / 10))
  for (const some of inGroups(fresh)) log.append(history(some, 8))
  for (const some of inGroups(old)) log.append(history(some, 10))
  database.close()
  return { events: fresh.length * 8 + old.length * 10, fresh, old }
}

// internal

/** A thousand streams grow together, and then the next thousand do, as it is where accounts are closed one day. */
const inGroups = (accountIds: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(accountIds.length / 1000) }, (_, group) =>
    accountIds.slice(group * 1000, (group + 1) * 1000)
  )
