/** The versions of a schema: which one a file has, and how it gets the newest. */
import * as StoreError from "../../Services/StoreError.ts"
import type { Session } from "./SqliteSession.ts"

/** Which file, and what is to be in it. */
export interface Options {
  readonly filename: string
  /** Marks our files, so that nobody else's is written to. */
  readonly applicationId: number
  /** The statements of each version of the schema, oldest first; never changed once released. */
  readonly migrations: ReadonlyArray<ReadonlyArray<string>>
}

/** The version of our schema in a file, read before anything is written there; throws where the file is not ours. */
export const version = (session: Session, { applicationId, filename, migrations }: Options): number => {
  // One statement, because another process may be making the tables right now.
  const [row = []] = session.values(
    `select application_id, user_version, (select count(*) from sqlite_schema)
      from pragma_application_id, pragma_user_version`,
    []
  )
  const [owner, version, tables] = row.map(Number)
  if (owner !== applicationId && (owner !== 0 || tables !== 0)) {
    throw StoreError.make("NotADatabase", `${filename} is a database of another program`)
  }
  if (version === undefined || version > migrations.length) {
    throw StoreError.make(
      "NewerSchema",
      `${filename} has schema version ${version}; this program knows ${migrations.length}`
    )
  }
  return version
}

/** Runs the statements that a file has not seen, in a transaction that has begun. */
export const migrate = (session: Session, options: Options): void => {
  const { applicationId, migrations } = options
  // Another process may have migrated between the look and the lock.
  const statements = migrations.slice(version(session, options)).flat()
  session.values(`pragma application_id = ${applicationId}`, [])
  for (const statement of statements) session.values(statement, [])
  session.values(`pragma user_version = ${migrations.length}`, [])
}
