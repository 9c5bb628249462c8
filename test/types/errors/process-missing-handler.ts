// TS2345: Argument of type '{ Deposited: (state: … [typeof Deposited, typeof Withdrawn], readonly [...]>, "Deposited" | "Withdrawn", "event"> & Exact<...>'.
//   Property 'Withdrawn' is missing in type '{ Deposited: (state: … }' but required in type 'Handlers<{ readonly balance: number; }, readonly [typeof Deposited, typeof Withdrawn], readonly [typeof Send]>'.
import { Process } from "everfold"
import * as Schema from "effect/Schema"
import { Account, Send } from "../../Bank.ts"

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: Account.events,
  commands: [Send],
  key: (event) => event.accountId
})

Saver.on({
  Deposited: (state) => ({ state })
})
