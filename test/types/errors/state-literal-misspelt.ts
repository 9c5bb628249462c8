// TS2820: Type '"drafted"' is not assignable to type '"draft" | "sent"'. Did you mean '"draft"'?
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { Send, Sent } from "../../Bank.ts"

Aggregate.make("Letter", {
  events: [Sent],
  commands: [Send],
  state: Schema.Literal("draft", "sent"),
  initial: "drafted",
  id: (command) => command.letterId
})
