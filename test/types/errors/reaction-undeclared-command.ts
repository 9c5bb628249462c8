// TS2741: Property 'letterId' is missing in type 'Note' but required in type 'Send'.
import { Reaction } from "everfold"
import { Deposited, Note, Send } from "../../Bank.ts"

Reaction.make("letters", { events: [Deposited], commands: [Send] }).on({
  Deposited: ({ accountId }) => [Note.make({ journalId: accountId, text: "not declared" })]
})
