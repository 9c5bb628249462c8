import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import {
  Account,
  AlreadySent,
  deposit,
  Deposit,
  deposited,
  Deposited,
  InsufficientFunds,
  Letter,
  Note,
  Noted,
  Send,
  Sent,
  withdraw,
  withdrawn
} from "../Bank.ts"

describe("a test as data", () => {
  it.each([
    { given: [], when: deposit("alice", 5), then: Either.right([deposited("alice", 5)]) },
    {
      given: [deposited("alice", 5)],
      when: withdraw("alice", 5),
      then: Either.right([withdrawn("alice", 5)])
    },
    {
      given: [deposited("alice", 5), withdrawn("alice", 2)],
      when: withdraw("alice", 4),
      then: Either.left(new InsufficientFunds({ balance: 3 }))
    },
    { given: [], when: withdraw("alice", 1), then: Either.left(new InsufficientFunds({ balance: 0 })) }
  ])("given $given when $when", ({ given, then, when }) => {
    expect(Aggregate.given(Account, ...given).when(when)).toEqual(then)
  })

  it("a given history can be asked several times", () => {
    const given = Aggregate.given(Letter, Sent.make({ letterId: "l" }))
    const refused = Either.left(new AlreadySent({ letterId: "l" }))
    expect(given.when(Send.make({ letterId: "l" }))).toEqual(refused)
    expect(given.when(Send.make({ letterId: "l" }))).toEqual(refused)
  })

  it("time and ids are a third argument, the same every time unless the test says otherwise", () => {
    const Stamped = Aggregate.make("Stamped", {
      events: [Noted],
      commands: [Note],
      state: Schema.Struct({}),
      initial: {},
      id: ({ journalId }) => journalId
    })
      .evolve({ Noted: (state) => state })
      .decide({
        Note: ({ journalId }, _, { id, now }) => [Noted.make({ journalId, text: `${id(0)} ${id(1)} ${now}` })]
      })
    const command = Note.make({ journalId: "j", text: "" })
    const noted = (text: string) => Either.right([Noted.make({ journalId: "j", text })])
    expect(Aggregate.given(Stamped).when(command)).toEqual(noted("id-0 id-1 0"))
    expect(Aggregate.given(Stamped).when(command, { now: 7, id: (n) => `x${n}` })).toEqual(noted("x0 x1 7"))
  })
})

describe("replay", () => {
  it("folds from the initial state, or from another", () => {
    expect(Aggregate.replay(Account, [])).toEqual({ balance: 0 })
    const events = [deposited("alice", 5), withdrawn("alice", 2)]
    expect(Aggregate.replay(Account, events)).toEqual({ balance: 3 })
    expect(Aggregate.replay(Account, events, { balance: 10 })).toEqual({ balance: 13 })
    expect(Account.initial).toEqual({ balance: 0 })
  })

  it("takes any number of events", () => {
    const events = Array.from({ length: 200_000 }, () => deposited("alice", 1))
    expect(Aggregate.replay(Account, events)).toEqual({ balance: 200_000 })
  })
})

describe("a declaration that cannot work is refused at once", () => {
  const declare = (name: string, data: object = {}) =>
    Aggregate.make(name, {
      events: [Deposited],
      commands: [Deposit],
      state: Schema.Struct({ balance: Schema.Int }),
      initial: { balance: 0 },
      id: (command) => command.accountId,
      ...data
    })

  it.each(["", "1st", "Two-Words", "Über", "a b", "a.b", "a\nb", "Account-"])("the name %j", (name) => {
    expect(() => declare(name)).toThrow(/cannot name an aggregate/)
  })

  it.each(["Account", "account_2", "A"])("but not the name %j", (name) => {
    expect(() => declare(name)).not.toThrow()
  })

  it("two events, or two commands, with one tag", () => {
    const again = Schema.TaggedStruct("Deposited", { other: Schema.String })
    expect(() => declare("Account", { events: [Deposited, again] })).toThrow(
      'two messages are tagged "Deposited"'
    )
    expect(() => declare("Account", { commands: [Deposit, Deposit] })).toThrow(
      'two messages are tagged "Deposit"'
    )
  })
})

it("an event or a command of somebody else is a defect that names it", () => {
  expect(() => Reflect.apply(Account.evolve, Account, [{ balance: 0 }, { _tag: "Renamed" }])).toThrow(
    'nothing handles "Renamed"'
  )
  expect(() => Reflect.apply(Account.decide, Account, [{ balance: 0 }, { _tag: "toString" }])).toThrow(
    'nothing handles "toString"'
  )
})

it("streams are named after the aggregate", () => {
  expect(Aggregate.stream(Account, "alice")).toBe("Account-alice")
  expect(Aggregate.streamOf(Account, deposit("alice", 1))).toBe("Account-alice")
})
