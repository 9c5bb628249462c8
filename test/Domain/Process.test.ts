import { Event, Process } from "everfold"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import { deposited, Deposited, Note, Noted, Send, withdrawn, Withdrawn } from "../Bank.ts"

const recorded = <E extends { readonly _tag: string }>(event: E, envelope = {}) => {
  const [one] = Event.record([event], envelope)
  if (one === undefined) throw new Error("one event in, one out")
  return one
}

const Saver = Process.make("saver", {
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  events: [Deposited, Withdrawn],
  commands: [Send, Note],
  key: (event, { stream }) => `${stream}/${event.accountId}`
}).on({
  Deposited: ({ balance }, { accountId, amount }, { metadata, position }) => ({
    state: { balance: balance + amount },
    send: [
      Send.make({ letterId: `${accountId}.${position}` }),
      Note.make({ journalId: accountId, text: `by ${metadata.actor}` })
    ],
    timers: [Process.after("2 hours", "idle", Send.make({ letterId: `${accountId}.idle` }))]
  }),
  Withdrawn: ({ balance }, { amount }) =>
    balance === amount ? { ends: true } : { state: { balance: balance - amount }, cancel: ["idle"] }
})

it("a state and an event in; a state, commands and timers out, and nothing happens", () => {
  expect(Saver.step(Saver.initial, recorded(deposited("alice", 5), { metadata: { actor: "bob" } }))).toEqual({
    state: { balance: 5 },
    send: [Send.make({ letterId: "alice.1" }), Note.make({ journalId: "alice", text: "by bob" })],
    timers: [{ name: "idle", after: Duration.hours(2), send: [Send.make({ letterId: "alice.idle" })] }]
  })
  expect(Saver.step({ balance: 5 }, recorded(withdrawn("alice", 2)))).toEqual({
    state: { balance: 3 },
    cancel: ["idle"]
  })
})

it("it says when it is over", () => {
  expect(Saver.step({ balance: 2 }, recorded(withdrawn("alice", 2)))).toEqual({ ends: true })
})

it("the key may come from the event and from what the log knows about it", () => {
  expect(Saver.key(recorded(deposited("alice", 1), { stream: "Account-a" }))).toBe("Account-a/alice")
})

it("it says what it is about", () => {
  expect(Saver).toMatchObject({ name: "saver", commands: [Send, Note], initial: { balance: 0 } })
  expect(Saver.codec.types).toEqual(["Deposited", "Withdrawn"])
  expect(Schema.encodeSync(Saver.state)({ balance: 1 })).toEqual({ balance: 1 })
})

it("an event that it is not on is a defect that names it", () => {
  const stranger = recorded(Noted.make({ journalId: "j", text: "" }))
  expect(() => Reflect.apply(Saver.step, Saver, [{ balance: 0 }, stranger])).toThrow(
    'nothing handles "Noted"'
  )
})

it("a timer has a duration in any form, a name and commands", () => {
  expect(Process.after("30 minutes", "a")).toEqual({ name: "a", after: Duration.minutes(30), send: [] })
  expect(Process.after(Duration.days(40), "b", 1, 2)).toEqual({
    name: "b",
    after: Duration.days(40),
    send: [1, 2]
  })
})
