// TS2345: Argument of type '{ accountId: string; }' is not assignable to parameter of type '{ readonly accountId: string; readonly amount: number; }'.
//   Property 'amount' is missing in type '{ accountId: string; }' but required in type '{ readonly accountId: string; readonly amount: number; }'.
import { Deposit } from "../../Bank.ts"

export const command = Deposit.make({ accountId: "alice" })
