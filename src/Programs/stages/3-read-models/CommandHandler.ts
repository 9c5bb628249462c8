/** The side that writes. What a command does, and that it was handled, is written in one transaction. */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { JsonDoor } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Sqlite from "../1-table/Sqlite.ts"
import * as Products from "../2-commands/CommandHandler.ts"
import { Command } from "./Commands.ts"

/** There is no such supplier. */
export class UnknownSupplier extends Data.TaggedError("UnknownSupplier")<{ readonly message: string }> {}

/** A command that was handled. */
export interface Handled {
  /** As which of all. */
  readonly position: number
  /** The product or the supplier that it was about. */
  readonly id: number
  readonly command: Command
}

export const make = (sql: SqlClient) => {
  const products = Products.make(sql)

  const carryOut = (command: Command) => {
    switch (command._tag) {
      case "AddSupplier": {
        const { name, supplierId: id } = command
        return Effect.as(sql`insert into suppliers ${sql.insert({ id, name })}`, id)
      }
      case "RenameSupplier": {
        const { name, supplierId: id } = command
        return sql`update suppliers set name = ${name} where id = ${id} returning id`.pipe(
          Effect.flatMap((found) => (found.length === 0 ? unknownSupplier : Effect.succeed(id)))
        )
      }
      default:
        return Effect.catchIf(products.handle(command), isForeignKey, () => unknownSupplier)
    }
  }

  const handle = (command: Command) =>
    Effect.gen(function* () {
      const id = yield* carryOut(command)
      const row = { id, command: yield* door.encode(command) }
      const [written] = yield* sql<{ position: number }>`
        insert into commands ${sql.insert(row).returning("position")}`
      const handled: Handled = { position: written?.position ?? 0, id, command }
      return handled
    }).pipe(sql.withTransaction)

  /** All commands that were handled. */
  const handled = Effect.flatMap(
    sql<{ position: number; id: number; command: string }>`select * from commands order by position`,
    Effect.forEach(({ command, ...row }) =>
      Effect.map(door.decode(command), (command): Handled => ({ ...row, command }))
    )
  )

  return { handle, handled }
}

// internal

const door = JsonDoor.make(Command)

const isForeignKey = (error: { readonly _tag: string; readonly message: string }): error is SqlError =>
  error._tag === "SqlError" && Sqlite.reason(error).startsWith("FOREIGN KEY")

const unknownSupplier = Effect.fail(new UnknownSupplier({ message: "there is no such supplier" }))
