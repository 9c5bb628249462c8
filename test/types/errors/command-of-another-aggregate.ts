// TS2345: Argument of type 'Send' is not assignable to parameter of type 'Deposit | Withdraw'.
//   Type 'Send' is missing the following properties from type 'Withdraw': accountId, amount
import { CommandHandler } from "everfold"
import { Account, Send } from "../../Bank.ts"

export const program = CommandHandler.handle(Account, Send.make({ letterId: "l" }))
