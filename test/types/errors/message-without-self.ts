// TS2507: Type '"Missing Self: class Deposited extends Message.Struct<Deposited>()(…)"' is not a constructor function type.
import { Message } from "everfold"
import * as Schema from "effect/Schema"

export class Deposited extends Message.Struct()("Deposited", { amount: Schema.Int }) {}
