/** An account as its clients see it: deposits, withdrawals that may be refused, and looks at the balance. */
import type { Operation, Specification } from "./Checker.ts"

/** A balance, and how many movements have led to it. */
export interface State {
  readonly balance: number
  readonly version: number
}

/** What a client was told. */
export type Answer =
  | { readonly _tag: "Accepted"; readonly version: number }
  | { readonly _tag: "Refused"; readonly balance: number }
  | { readonly _tag: "Balance"; readonly balance: number }
  /** Others were faster, too often; nothing was done. */
  | { readonly _tag: "GaveUp" }
  | { readonly _tag: "Unknown" }

/** What a client did, and was told. */
export interface Call {
  readonly action: Action
  readonly answer: Answer
}

/** What a client can do. */
export type Action =
  | { readonly _tag: "Deposit"; readonly amount: number }
  | { readonly _tag: "Withdraw"; readonly amount: number }
  | { readonly _tag: "Look" }

/** An account that is used by one client at a time. */
export const specification: Specification<State, Call> = {
  initial: { balance: 0, version: 0 },
  next: (state, { action, answer }) => {
    if (answer._tag === "GaveUp") return state
    switch (action._tag) {
      case "Deposit":
        return moved(state, action.amount, answer)
      case "Withdraw":
        if (state.balance >= action.amount) return moved(state, -action.amount, answer)
        return answer._tag === "Unknown" || says(answer, "Refused", state.balance) ? state : undefined
      case "Look":
        return says(answer, "Balance", state.balance) ? state : undefined
    }
  },
  key: ({ balance, version }) => `${balance} ${version}`
}

/** In words. */
export const describe = ({ call: { action, answer }, invoked, returned }: Operation<Call>): string => {
  const amount = action._tag === "Look" ? "" : ` ${action.amount}`
  const told = Object.values(answer).join(" ")
  return `${invoked}-${returned} ${action._tag}${amount}: ${told}`
}

// internal

const moved = ({ balance, version }: State, amount: number, answer: Answer): State | undefined =>
  answer._tag === "Unknown" || (answer._tag === "Accepted" && answer.version === version + 1)
    ? { balance: balance + amount, version: version + 1 }
    : undefined

const says = (answer: Answer, tag: "Balance" | "Refused", balance: number) =>
  answer._tag === tag && answer.balance === balance
