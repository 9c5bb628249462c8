import { Event, Reaction } from "everfold"
import { expect, it } from "vitest"
import { deposited, Deposited, Letters, Note, Noted, Send, withdrawn, Withdrawn } from "../Bank.ts"

const recorded = <E extends { readonly _tag: string }>(event: E, envelope = {}) => {
  const [one] = Event.record([event], envelope)
  if (one === undefined) throw new Error("one event in, one out")
  return one
}

it("an event in, commands out, and nothing happens", () => {
  expect(Letters.react(recorded(withdrawn("alice", 5)))).toEqual([Send.make({ letterId: "alice.1" })])
})

it("several commands keep their order, and a handler sees the envelope", () => {
  const Both = Reaction.make("both", { events: [Deposited, Withdrawn], commands: [Note, Send] }).on({
    Deposited: ({ accountId, amount }, { metadata, stream }) => [
      Send.make({ letterId: accountId }),
      Note.make({ journalId: stream, text: `${amount} by ${metadata.actor}` })
    ],
    Withdrawn: () => []
  })
  expect(Both).toMatchObject({ name: "both", commands: [Note, Send] })
  expect(Both.codec.types).toEqual(["Deposited", "Withdrawn"])
  expect(Both.react(recorded(deposited("alice", 5), { stream: "S-1", metadata: { actor: "bob" } }))).toEqual([
    Send.make({ letterId: "alice" }),
    Note.make({ journalId: "S-1", text: "5 by bob" })
  ])
  expect(Both.react(recorded(withdrawn("alice", 5)))).toEqual([])
})

it("an event that it is not on is a defect that names it", () => {
  const stranger = recorded(Noted.make({ journalId: "j", text: "" }))
  expect(() => Reflect.apply(Letters.react, Letters, [stranger])).toThrow('nothing handles "Noted"')
})

it("two events of one type are refused at once", () => {
  expect(() => Reaction.make("r", { events: [Deposited, Deposited], commands: [] })).toThrow(
    'two messages are tagged "Deposited"'
  )
})
