/** The read database as SQL, for projections that keep tables of their own and for the queries on them. */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Context from "effect/Context"

/**
 * Inside a handler of a table projection its statements are part of the transaction that moves the position;
 * anywhere else they run on a connection that cannot write.
 */
export class ReadDb extends Context.Tag("everfold/ReadDb")<ReadDb, SqlClient.SqlClient>() {}
