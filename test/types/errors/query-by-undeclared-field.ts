// TS2322: Type '"accountId"' is not assignable to type '"balance"'.
import { ReadModel } from "everfold"
import { Balances } from "../../Bank.ts"

export const richest = ReadModel.list(Balances, { orderBy: "accountId" })
