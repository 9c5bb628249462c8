/** The tables of the read database. */

/** "evfr": marks the file as a read database. */
export const applicationId = 0x65766672

/** The versions of the schema. A generation is one build of a projection; readers see the serving one. */
export const migrations: ReadonlyArray<ReadonlyArray<string>> = [
  [
    `create table generations (
      generation integer primary key autoincrement,
      projection text not null,
      version integer not null,
      serving integer not null,
      position integer not null,
      recorded_at integer not null
    ) strict`,
    `create unique index generations_serving on generations (projection, version) where serving = 1`,
    `create table rows (
      generation integer not null,
      projection text not null,
      key text not null,
      row text not null,
      search text not null,
      primary key (generation, key)
    ) strict, without rowid`
  ]
]

/** The expression by which rows are filtered and sorted by a field, which must be a plain identifier. */
export const field = (name: string): string => `json_extract(rows.row, '$.${name}')`

/** The expression for the type that a field has in JSON. */
export const fieldType = (name: string): string => `json_type(rows.row, '$.${name}')`

/** What the index of a field is called. */
export const indexName = (projection: string, name: string): string => `rows of ${projection} by ${name}`

/** Finds the indexes that there are. */
export const selectIndexes = "select name from sqlite_schema where type = 'index'"

/**
 * The statement that makes a field of one projection an index; rows of others pay nothing for it. Names are
 * plain identifiers: `Projection.make` sees to it.
 */
export const createIndex = (projection: string, name: string): string =>
  `create index if not exists "${indexName(projection, name)}"
    on rows (generation, json_extract(row, '$.${name}'), key) where projection = '${projection}'`

/** Joins the rows of a projection to its generation, so that SQLite sees which index is meant. */
export const joinRows = (projection: string): string =>
  `left join rows on rows.generation = g.generation and rows.projection = '${projection}'`
