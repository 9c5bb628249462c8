/** A projection whose rows tell which code has built them, and who else runs beside it. */
import { Projection, Projector, Reactor, Subscriber } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { appendFileSync } from "node:fs"
import { Account, Letter, Letters, Withdrawn } from "../../Bank.ts"
import { effectsIn } from "../programs/Business.ts"

/** The balances. A row keeps the number of the code that made it: after a rebuild all have that of the newest code. */
export const tagged = (code: number) =>
  Projection.make("tagged", {
    row: Schema.Struct({ balance: Schema.Int, applied: Schema.Int, code: Schema.Int }),
    events: Account.events,
    key: ({ accountId }) => accountId
  }).on({
    Deposited: (row, { amount }) => next(row, amount, code),
    Withdrawn: (row, { amount }) => next(row, -amount, code)
  })

/** A program with this code. */
export const program = (directory: string, lease: number, code: number) =>
  Layer.mergeAll(
    Projector.layer(tagged(code)),
    Reactor.layer(Letters, [Letter]),
    Subscriber.layer(auditIn(directory))
  ).pipe(
    Layer.provideMerge(
      SqliteStack.layer({ directory, durability: "NORMAL", lease: `${lease} millis`, poll: "20 millis" })
    )
  )

// internal

interface Row {
  readonly balance: number
  readonly applied: number
  readonly code: number
}

const next = (row: Row | undefined, amount: number, code: number): Row => ({
  balance: (row?.balance ?? 0) + amount,
  applied: (row?.applied ?? 0) + 1,
  code: row?.code ?? code
})

const auditIn = (directory: string) =>
  Subscriber.make("audit", { events: [Withdrawn] }).on({
    Withdrawn: (_, __, { key }) => Effect.sync(() => appendFileSync(effectsIn(directory), `${key}\n`))
  })
