// TS2322: Type 'Timer<Note>' is not assignable to type 'Timer<Send>'.
//   Property 'letterId' is missing in type 'Note' but required in type 'Send'.
import { Process } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Note, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
})

Saver.on({
  Deposited: (state, { accountId }) => ({
    state,
    timers: [Process.after("1 hour", "idle", Note.make({ journalId: accountId, text: "not declared" }))]
  }),
  Withdrawn: (state) => ({ state })
})
