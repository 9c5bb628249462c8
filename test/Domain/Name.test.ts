import { Aggregate, Process, Projection, Reaction, Subscriber } from "everfold"
import { TableProjection } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Deposit, Deposited } from "../Bank.ts"

const events = [Deposited] as const
const state = Schema.Struct({ balance: Schema.Int })
const initial = { balance: 0 }
const id = ({ accountId }: { readonly accountId: string }) => accountId
const long = (length: number) => "x".repeat(length)
const row = Schema.Struct({ accountId: Schema.String })

/** What has a name, how it is declared, and names that it can have and cannot. */
const declarations: ReadonlyArray<
  readonly [
    what: string,
    declare: (name: string) => unknown,
    good: ReadonlyArray<string>,
    bad: ReadonlyArray<string>
  ]
> = [
  [
    "an aggregate",
    (name) => Aggregate.make(name, { events, commands: [Deposit], state, initial, id }),
    ["Account", "account_2", long(198)],
    ["1st", "a-b", "Über", "a b", long(199)]
  ],
  [
    "a projection",
    (name) => Projection.make(name, { events, row, key: id }),
    ["1st-row_2", long(500)],
    ["Über", "a b"]
  ],
  [
    "an index",
    (name) => Reflect.apply(Projection.make, Projection, ["p", { events, row, key: id, indexes: [name] }]),
    ["accountId"],
    ["a b"]
  ],
  [
    "a table projection",
    (name) => TableProjection.make(name, { events, setup: Effect.void }),
    ["a b", long(500)],
    []
  ],
  [
    "a reaction",
    (name) => Reaction.make(name, { events, commands: [] }),
    ["low-stock", "Über: 1/2.3", long(160)],
    [long(161)]
  ],
  [
    "a process",
    (name) => Process.make(name, { state, initial, events, commands: [], key: id }),
    ["a b", long(160)],
    [long(161)]
  ],
  ["a subscriber", (name) => Subscriber.make(name, { events }), ["\ud83d\ude00", long(500)], []],
  ["a subscriber", (name) => Subscriber.everything(name), ["a b", long(500)], []]
]

describe.each(declarations)("the name of %s", (what, declare, good, bad) => {
  it.each(["", "a\nb", "\ud83d", ...bad])("is not %j, and that is said where it is declared", (name) => {
    expect(() => declare(name)).toThrow(`${JSON.stringify(name)} cannot name ${what}: `)
  })

  it.each(good)("may be %j", (name) => {
    expect(() => declare(name)).not.toThrow()
  })
})
