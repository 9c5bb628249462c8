/** Clients that use one account at the same time, and what each of them saw. */
import { CommandHandler, History } from "everfold"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { Account, deposit, withdraw } from "../../Bank.ts"
import type { Clients, WriteSide } from "../WriteSide.ts"
import type { Action, Answer, Call } from "./Account.ts"
import type { Operation } from "./Checker.ts"

/** How many clients there are, and how much each of them does. */
export const clients = 4
export const each = 15

/** Everything that all clients did, with the moments of a clock that only counts. */
export const record = (log: Clients): Effect.Effect<ReadonlyArray<Operation<Call>>> =>
  Effect.gen(function* () {
    const operations: Array<Operation<Call>> = []
    let now = 0
    const operation = (id: string, first: Stack, second: Stack) =>
      Effect.gen(function* () {
        const action = yield* someAction
        const invoked = now++
        const answer = yield* insist(
          Effect.provide(act(action, id), first),
          Effect.provide(act(action, id), second)
        )
        const returned = answer._tag === "Unknown" ? Infinity : now++
        operations.push({ call: { action, answer }, invoked, returned })
      })
    const client = (n: number) => {
      const [first, second] = n % 2 === 0 ? [log.here, log.there] : [log.there, log.here]
      return Effect.forEach(upTo(each), (i) => operation(`${n}_${i}`, first, second), { discard: true })
    }
    yield* Effect.forEach(upTo(clients), client, { concurrency: "unbounded", discard: true })
    const answer = yield* Effect.provide(act(look, "last"), log.there)
    return [...operations, { call: { action: look, answer }, invoked: now, returned: now + 1 }]
  })

// internal

type Stack = Context.Context<WriteSide>

const look: Action = { _tag: "Look" }

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index)

const someAction = Effect.gen(function* () {
  const kind = yield* Random.nextIntBetween(0, 5)
  const amount = yield* Random.nextIntBetween(1, 10)
  const actions: ReadonlyArray<Action> = [
    { _tag: "Deposit", amount },
    { _tag: "Withdraw", amount: 2 * amount },
    { _tag: "Deposit", amount },
    { _tag: "Withdraw", amount },
    look
  ]
  return actions[kind] ?? look
})

/** When no answer comes, the client asks another stack, or gives up, as often as not. */
const insist = (first: Effect.Effect<Answer>, second: Effect.Effect<Answer>): Effect.Effect<Answer> =>
  Effect.flatMap(first, (answer) =>
    answer._tag === "Unknown"
      ? Effect.if(Random.nextBoolean, { onTrue: () => second, onFalse: () => Effect.succeed(answer) })
      : Effect.succeed(answer)
  )

const account = "shared"

const act = (action: Action, id: string): Effect.Effect<Answer, never, WriteSide> => {
  if (action._tag === "Look") {
    return Effect.map(History.stateAt(Account, account), ({ balance }) => ({
      _tag: "Balance" as const,
      balance
    })).pipe(Effect.orDie)
  }
  const command =
    action._tag === "Deposit" ? deposit(account, action.amount) : withdraw(account, action.amount)
  return CommandHandler.handle(Account, command, { commandId: id }).pipe(
    Effect.map(({ version }): Answer => ({ _tag: "Accepted", version })),
    Effect.catchTags({
      InsufficientFunds: ({ balance }) => Effect.succeed<Answer>({ _tag: "Refused", balance }),
      VersionConflict: () => Effect.succeed<Answer>({ _tag: "GaveUp" }),
      StoreError: (error) =>
        error.reason === "OutcomeUnknown" ? Effect.succeed<Answer>({ _tag: "Unknown" }) : Effect.die(error)
    }),
    Effect.orDie
  )
}
