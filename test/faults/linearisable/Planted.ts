/** Histories that are known to be wrong, and some that only look so: the checker must tell them apart. */
import type { Action, Answer, Call } from "./Account.ts"
import { specification } from "./Account.ts"
import type { Operation } from "./Checker.ts"
import { explain } from "./Checker.ts"

/** What the checker gets wrong; nothing, if it can be trusted. */
export const misjudged = (): ReadonlyArray<string> =>
  planted
    .filter(({ history, right }) => explain(specification, history).complete !== right)
    .map(({ name, right }) => `the checker ${right ? "refuses" : "accepts"}: ${name}`)

/** Each with its judgement. */
export const planted: ReadonlyArray<{
  readonly name: string
  readonly right: boolean
  readonly history: ReadonlyArray<Operation<Call>>
}> = [
  {
    name: "a lost update: two decisions on the same state",
    right: false,
    history: [deposit(0, 3, 5, accepted(1)), deposit(1, 2, 7, accepted(1))]
  },
  {
    name: "a lost update: the second is not in the balance",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), deposit(2, 3, 7, accepted(2)), look(4, 5, 5)]
  },
  {
    name: "a stale refusal: the money was there before it was asked for",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), withdraw(2, 3, 5, refused(0))]
  },
  {
    name: "a refusal for a state that never was",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), withdraw(2, 5, 9, refused(3)), deposit(3, 4, 5, accepted(2))]
  },
  {
    name: "a stale look",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), look(2, 3, 0)]
  },
  {
    name: "a look back in time: new, then old",
    right: false,
    history: [deposit(0, Infinity, 5), look(1, 2, 5), look(3, 4, 0)]
  },
  {
    name: "a double effect: sent twice under one id",
    right: false,
    history: [deposit(0, 3, 5, accepted(1)), look(4, 5, 10)]
  },
  {
    name: "a double effect of an unknown outcome",
    right: false,
    history: [deposit(0, Infinity, 5), look(1, 2, 5), deposit(3, 4, 1, accepted(3))]
  },
  {
    name: "a refused withdrawal that was made",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), withdraw(2, 3, 6, refused(5)), look(4, 5, -1)]
  },
  {
    name: "money from a deposit that nobody has begun",
    right: false,
    history: [withdraw(0, 1, 5, accepted(2)), deposit(2, 3, 5, accepted(1))]
  },
  {
    name: "an overdraft: two withdrawals of the same money",
    right: false,
    history: [deposit(0, 1, 5, accepted(1)), withdraw(2, 5, 5, accepted(2)), withdraw(3, 4, 5, accepted(3))]
  },
  {
    name: "two at once, in the other order",
    right: true,
    history: [deposit(0, 3, 5, accepted(2)), deposit(1, 2, 7, accepted(1)), look(4, 5, 12)]
  },
  {
    name: "an unknown outcome that happens late",
    right: true,
    history: [deposit(0, Infinity, 5), look(1, 2, 0), withdraw(3, 4, 5, accepted(2)), look(5, 6, 0)]
  },
  {
    name: "an unknown outcome that never happens",
    right: true,
    history: [deposit(0, Infinity, 5), look(1, 2, 0), deposit(3, 4, 1, accepted(1))]
  },
  {
    name: "a refusal while the money comes",
    right: true,
    history: [withdraw(0, 2, 5, refused(0)), deposit(1, 3, 5, accepted(1))]
  }
]

// internal

function deposit(invoked: number, returned: number, amount: number, answer: Answer = { _tag: "Unknown" }) {
  return operation({ _tag: "Deposit", amount }, answer, invoked, returned)
}

function withdraw(invoked: number, returned: number, amount: number, answer: Answer) {
  return operation({ _tag: "Withdraw", amount }, answer, invoked, returned)
}

function look(invoked: number, returned: number, balance: number) {
  return operation({ _tag: "Look" }, { _tag: "Balance", balance }, invoked, returned)
}

function accepted(version: number): Answer {
  return { _tag: "Accepted", version }
}

function refused(balance: number): Answer {
  return { _tag: "Refused", balance }
}

function operation(action: Action, answer: Answer, invoked: number, returned: number): Operation<Call> {
  return { call: { action, answer }, invoked, returned }
}
