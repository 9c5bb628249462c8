/** Whether tables, indexes and triggers are those that were made. */
import * as Effect from "effect/Effect"
import type * as StoreError from "../../Services/StoreError.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import * as SqliteSession from "./SqliteSession.ts"
import type { Thread } from "./SqliteThread.ts"

/**
 * How the schema of a file differs from the one that some migrations make. Other tables and indexes are nobody's
 * business; other triggers are, because they change what a statement does.
 */
export const differences = (
  thread: Thread,
  migrations: ReadonlyArray<ReadonlyArray<string>>
): Effect.Effect<ReadonlyArray<string>, StoreError.StoreError> =>
  Effect.gen(function* () {
    const made = yield* madeBy(migrations)
    const found = named(yield* thread.run(selectSchema))
    const differing = [...made].filter(([name, text]) => found.get(name) !== text)
    const foreign = [...found.keys()].filter((name) => name.startsWith("trigger ") && !made.has(name))
    return [
      ...differing.map(([name]) => `the ${name} is ${found.has(name) ? "not as it was made" : "missing"}`),
      ...foreign.map((name) => `the ${name} is not the log's own`)
    ]
  })

// internal

const selectSchema = "select type || ' ' || name, tbl_name || ' ' || coalesce(sql, '') from sqlite_schema"

/** Each by its type and name. How it is laid out means nothing. */
const named = (rows: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyMap<string, string> =>
  new Map(rows.map(([name, text]) => [String(name), String(text).replace(/\s+/g, " ")]))

const madeBy = (migrations: ReadonlyArray<ReadonlyArray<string>>) =>
  Effect.try({
    try: () => {
      const { close, values } = SqliteSession.open(":memory:", false)
      try {
        for (const statement of migrations.flat()) values(statement, [])
        return named(values(selectSchema, []))
      } finally {
        close()
      }
    },
    catch: (cause) => SqliteFailure.fromCause(":memory:", cause)
  })
