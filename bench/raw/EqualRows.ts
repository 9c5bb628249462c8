/** Everfold's own read database: rows belong to a generation, and only one generation is served. */
import { Balances } from "../Account.ts"
import * as RawProjection from "./RawProjection.ts"
import type { RawRows } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Writes to a file that everfold has made. */
export const make = (database: Sql.Database): RawRows => {
  const { name, version } = Balances
  const transaction = Sql.transaction(database)
  const start = database
    .prepare(
      `insert into generations (projection, version, log, shape, state, epoch, goal, position, recorded_at)
        values (?, ?, '', '', 'building', 0, 0, 0, 0) returning generation`
    )
    .pluck()
  const advance = database.prepare(
    "update generations set position = ?, recorded_at = ? where generation = ? and position = ?"
  )
  const selectPosition = database.prepare("select position from generations where generation = ?").pluck()
  const selectRow = database.prepare("select row from rows where generation = ? and key = ?").pluck()
  const retire = database.prepare("update generations set state = 'former' where generation = ?")
  const serve = database.prepare("update generations set state = 'serving' where generation = ?")
  const upsert = Sql.inserter(database, "or replace into rows (generation, projection, key, row, search)", 5)

  const write =
    (generation: number): RawRows["write"] =>
    ({ after, deposits, time, to }) =>
      transaction(() => {
        const { changes } = advance.run(to, time, generation, after)
        if (changes !== 1) throw new Error("the rows have moved")
        const rows = RawProjection.fold(deposits, (key) => selectRow.get(generation, key))
        upsert(rows.map((row) => [generation, name, row.accountId, JSON.stringify(row), ""]))
      })

  let serving = 0
  const promote = (generation: number) =>
    transaction(() => {
      retire.run(serving)
      serve.run(generation)
      serving = generation
    })
  const begin = () => transaction(() => Number(start.get(name, version)))
  promote(begin())

  return {
    position: () => Number(selectPosition.get(serving)),
    write: (page) => write(serving)(page),
    begin: () => {
      const generation = begin()
      return { write: write(generation), promote: () => promote(generation) }
    }
  }
}
