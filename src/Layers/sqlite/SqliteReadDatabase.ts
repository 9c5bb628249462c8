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
      key text not null,
      row text not null,
      search text not null,
      primary key (generation, key)
    ) strict, without rowid`
  ]
]

/** The expression by which rows are filtered and sorted by a field, which must be a plain identifier. */
export const field = (name: string): string => `json_extract(rows.row, '$.${name}')`

/** The statement that makes a declared field an index of all rows. */
export const createIndex = (name: string): string =>
  `create index if not exists "rows_by_${name}" on rows (generation, json_extract(row, '$.${name}'), key)`
