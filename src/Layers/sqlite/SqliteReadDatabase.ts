/** The tables of the read database. */
import type * as Projection from "../../Domain/Projection.ts"

/** "evfr": marks the file as a read database. */
export const applicationId = 0x65766672

/**
 * The versions of the schema. A generation is one build of a projection, from one log: readers see it while its state
 * is serving; before that it is building, until it has reached its goal; after that it is former. Only the epoch of
 * its row, or a later one, may write to it.
 */
export const migrations: ReadonlyArray<ReadonlyArray<string>> = [
  [
    `create table generations (
      generation integer primary key autoincrement,
      projection text not null,
      version integer not null,
      log text not null,
      shape text not null,
      state text not null check (state in ('building', 'serving', 'former')),
      epoch integer not null,
      goal integer,
      position integer not null,
      recorded_at integer not null
    ) strict`,
    `create index generations_by_name on generations (projection, version)`,
    `create unique index generations_serving on generations (projection, version) where state = 'serving'`,
    `create unique index generations_building on generations (projection, version, log)
      where state = 'building'`,
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

/**
 * What a reader sees: its generation as `g`, joined with the rows of the projection, which is named so that SQLite sees
 * which index is meant. While there is none it is the one that is being built, without rows. Conditions on rows may
 * follow the join.
 */
export const shown = (projection: string, conditions: string): string =>
  `from generations g left join rows
      on rows.generation = g.generation and rows.projection = '${projection}' and g.state = 'serving' ${conditions}
    where g.generation = coalesce(
      (select generation from generations where projection = ? and version = ? and state = 'serving'),
      (select generation from generations where projection = ? and shape = ? and state = 'serving'
        order by generation desc limit 1),
      (select generation from generations where projection = ? and version = ? and state = 'building'
        order by generation desc limit 1))`

/** The values for `shown`, after those of its conditions. */
export const whose = ({ name, shape, version }: Projection.Any): ReadonlyArray<unknown> => [
  ...[name, version],
  ...[name, shape],
  ...[name, version]
]
