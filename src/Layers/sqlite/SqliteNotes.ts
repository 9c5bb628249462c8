/** Reads notes from the database of a log; they are written with its commits. */
import * as Effect from "effect/Effect"
import type { Query } from "../../Services/Notes.ts"
import { limitOf, Notes } from "../../Services/Notes.ts"
import type { Database } from "./SqliteDatabase.ts"
import { limited } from "./SqliteStatements.ts"

/** The notes in an open database. */
export const over = ({ read }: Database) =>
  Notes.of({
    find: (query) => {
      const { condition, params } = conditions(query)
      return Effect.map(
        read(
          `select kind, key, sequence, value from notes
            where subscriber = ? and kind = ? and (sequence, key) > (?, ?) and sequence <= ? ${condition}
            order by sequence, key ${limited}`,
          [...params, limitOf(query)]
        ),
        (rows) => rows.map(noteOf)
      )
    },
    counts: (kind) =>
      Effect.map(
        read("select subscriber, count(*) from notes where kind = ? group by subscriber", [kind]),
        (rows) => new Map(rows.map(([subscriber, count]) => [String(subscriber), Number(count)]))
      )
  })

// internal

const conditions = ({ after = start, key, kind, subscriber, upTo = Number.MAX_SAFE_INTEGER }: Query) => {
  const params = [subscriber, kind, after.order, after.key, upTo]
  return key === undefined
    ? { condition: "", params }
    : { condition: "and key = ?", params: [...params, key] }
}

const start = { order: -1, key: "" }

const noteOf = ([kind, key, order, value]: ReadonlyArray<unknown>) => ({
  kind: String(kind),
  key: String(key),
  order: Number(order),
  value: String(value)
})
