/** The commands of the stage before, and two about suppliers, who have a table of their own now. */
import * as Schema from "effect/Schema"
import * as Products from "../2-commands/Commands.ts"

/** A new supplier. */
export const AddSupplier = Schema.TaggedStruct("AddSupplier", {
  supplierId: Schema.Int,
  name: Schema.NonEmptyTrimmedString
})

/** The supplier is called otherwise from now on. */
export const RenameSupplier = Schema.TaggedStruct("RenameSupplier", {
  supplierId: Schema.Int,
  name: Schema.NonEmptyTrimmedString
})

/** Any of them. */
export const Command = Schema.Union(Products.Command, AddSupplier, RenameSupplier)
export type Command = typeof Command.Type
