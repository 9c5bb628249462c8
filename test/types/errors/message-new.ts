// TS2345: Argument of type '{ accountId: string; amount: number; }' is not assignable to parameter of type 'never'.
import { Deposit } from "../../Bank.ts"

export const command = new Deposit({ accountId: "alice", amount: 1 })
