import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, LogCommandHandler } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { untried } from "../faults/acknowledgement/Contexts.ts"
import { samples, type Sample } from "../faults/acknowledgement/Samples.ts"
import { hurry, log, losing, stacks } from "./Stacks.ts"

/** Sends a command in different ways, and says what the log has of it. */
const sending = ({ aggregate, before, command }: Sample) => {
  const prepare = Effect.forEach(before, (one, index) =>
    CommandHandler.handle(aggregate, one, { commandId: `before-${index}` })
  )
  const send = CommandHandler.handle(aggregate, command, { commandId: "sent" })
  const effects = Effect.map(log, (events) =>
    events.flatMap(({ id }) => (id.startsWith("sent#") ? [id] : []))
  )
  const again = Effect.gen(function* () {
    yield* prepare
    const first = yield* send
    const receipts = [
      yield* send,
      // By a program that has kept nothing of the stream.
      yield* Effect.provide(send, Layer.fresh(LogCommandHandler.layer)),
      ...(yield* Effect.replicateEffect(send, 5, { concurrency: "unbounded" }))
    ]
    return { first, receipts, effects: yield* effects }
  })
  const unanswered = Effect.gen(function* () {
    yield* prepare
    const first = yield* Effect.provide(send, losing(1).layer)
    return { first, effects: yield* effects }
  })
  return { tag: `${aggregate.name} ${command._tag}`, again, unanswered }
}

const commands = samples.map(sending)

describe.each(stacks)("every command of every context on $name", ({ layer }) => {
  it.effect.each(commands)("$tag, sent again under its id, has one effect and one receipt", ({ again }) =>
    Effect.gen(function* () {
      const { effects, first, receipts } = yield* again
      expect(first.events.length).toBeGreaterThan(0)
      for (const receipt of receipts) expect(receipt).toEqual(first)
      expect(effects).toEqual(first.events.map(({ id }) => id))
    }).pipe(Effect.provide(layer))
  )

  it.scoped.each(commands)("$tag, whose answer was lost, has one effect and its receipt", ({ unanswered }) =>
    Effect.gen(function* () {
      yield* hurry
      const { effects, first } = yield* unanswered
      expect(first.events.length).toBeGreaterThan(0)
      expect(effects).toEqual(first.events.map(({ id }) => id))
    }).pipe(Effect.provide(layer))
  )
})

it.effect("the table has the commands of every context", () =>
  Effect.gen(function* () {
    expect(commands.length).toBeGreaterThan(5)
    expect(yield* untried).toEqual([])
  })
)
