/** The least that is a projection: one table of rows and a position. Who rebuilds it has no rows meanwhile. */
import * as RawProjection from "./RawProjection.ts"
import type { RawRows } from "./RawStore.ts"
import * as Sql from "./Sql.ts"

/** Makes the tables in an empty database. */
export const make = (database: Sql.Database): RawRows => {
  database.exec("create table rows (key text primary key, row text not null) strict, without rowid")
  database.exec("create table progress (position integer not null) strict")
  database.exec("insert into progress (position) values (0)")
  const transaction = Sql.transaction(database)
  const selectPosition = database.prepare("select position from progress").pluck()
  const updatePosition = database.prepare("update progress set position = ?")
  const selectRow = database.prepare("select row from rows where key = ?").pluck()
  const deleteRows = database.prepare("delete from rows")
  const upsert = Sql.inserter(database, "or replace into rows (key, row)", 2)

  const write: RawRows["write"] = ({ deposits, to }) =>
    transaction(() => {
      const rows = RawProjection.fold(deposits, (key) => selectRow.get(key))
      upsert(rows.map((row) => [row.accountId, JSON.stringify(row)]))
      updatePosition.run(to)
    })

  return {
    position: () => Number(selectPosition.get()),
    write,
    begin: () => {
      transaction(() => {
        deleteRows.run()
        updatePosition.run(0)
      })
      return { write, promote: () => undefined }
    }
  }
}
