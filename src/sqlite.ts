/** everfold/sqlite: the log and the read database in SQLite files. Loads the native driver better-sqlite3. */
export * as ReadDb from "./Layers/sql/ReadDb.ts"
export * as TableProjection from "./Layers/sql/TableProjection.ts"
export * as TableProjector from "./Layers/sql/TableProjector.ts"
export * as TableStore from "./Layers/sql/TableStore.ts"
export * as SqliteBackup from "./Layers/sqlite/SqliteBackup.ts"
export * as SqliteEventStore from "./Layers/sqlite/SqliteEventStore.ts"
export * as SqliteStack from "./Layers/sqlite/SqliteStack.ts"
export * as SqliteVerification from "./Layers/sqlite/SqliteVerification.ts"
