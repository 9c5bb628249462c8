import { describe, expect, it } from "@effect/vitest"
import type { Category, Engine } from "everfold"
import {
  EventCodec,
  Message,
  Process,
  ProcessManager,
  Projection,
  Projector,
  Reaction,
  Reactor,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Account, Deposited, Journal } from "../Bank.ts"
import { errors, stacks, stateOf, write } from "./Stacks.ts"

/** What the next release knows of accounts. */
class Closed extends Message.Struct<Closed>()("Closed", { accountId: Schema.String }) {}
const Tomorrow = { name: Account.name, events: [...Account.events, Closed] }

type Kind = (
  categories: ReadonlyArray<Category.Category>
) => Layer.Layer<Subscriptions.Running<"watch">, Subscriptions.DuplicateSubscriber, Engine.Stack>

/** Who counts deposits, and reads all of these categories. */
const kinds: Readonly<Record<string, Kind>> = {
  subscriber: (categories) =>
    Subscriber.layer(
      Subscriber.make("watch", { events: [Deposited], categories }).on({ Deposited: () => Effect.void })
    ),
  projection: (categories) =>
    Projector.layer(
      Projection.make("watch", {
        row: Schema.Struct({ deposits: Schema.Int }),
        events: [Deposited],
        categories,
        key: ({ accountId }) => accountId
      }).on({ Deposited: (row) => ({ deposits: (row?.deposits ?? 0) + 1 }) })
    ),
  reaction: (categories) =>
    Reactor.layer(
      Reaction.make("watch", { events: [Deposited], categories, commands: [] }).on({ Deposited: () => [] }),
      [Journal]
    ),
  process: (categories) =>
    ProcessManager.layer(
      Process.make("watch", {
        state: Schema.Int,
        initial: 0,
        events: [Deposited],
        categories,
        commands: [],
        key: ({ accountId }) => accountId
      }).on({ Deposited: (count) => ({ state: count + 1 }) }),
      [Journal]
    )
}

const money = JSON.stringify({ accountId: "alice", amount: 1 })
const deposited = { type: "Deposited", payload: money }
const withdrawn = { type: "Withdrawn", payload: money }
const closed = { type: "Closed", payload: '{"accountId":"alice"}' }

/** Two that are wanted, one that is known, others of another category, and at last one of the next release. */
const history = Effect.gen(function* () {
  yield* write("Account-alice", [deposited, withdrawn, deposited])
  yield* write("Unheard-of", [{ type: "Unheard", payload: "{}" }, deposited])
  yield* write("Account-alice", [closed])
})

describe.each(stacks)("whoever reads a category on $name", ({ layer }) => {
  it.effect.each(Object.entries(kinds))(
    "halts at an event that no release has known, and goes on with the one that does: a %s",
    ([, kind]) => {
      const { layer: logger, lines } = errors()
      const state = stateOf("watch")
      return Effect.gen(function* () {
        yield* history
        const halted = yield* Effect.flip(Subscriptions.settled).pipe(
          Effect.zip(state),
          Effect.provide(kind([Account]))
        )
        expect(halted).toMatchObject([{ subscriber: "watch" }, { status: "Halted", position: 5 }])
        expect(lines).toHaveLength(1)
        expect(lines[0]).toMatch(
          /^subscriber "watch" has halted at position 6, Closed \(Account-alice version 4\)/
        )
        const after = yield* Effect.provide(Effect.zipRight(Subscriptions.settled, state), kind([Tomorrow]))
        expect(after).toMatchObject({ status: "Live", position: 6 })
      }).pipe(Effect.provide(layer), Effect.provide(logger))
    }
  )

  it.effect(
    "passes over it without categories, and hears of all that is stored when it decodes nothing",
    () => {
      const seen: Array<string> = []
      const everything = Subscriber.everything("everything").on(
        ({ event, position, revision, stream }, { key }) =>
          Effect.sync(() =>
            seen.push(`${position} ${stream} ${event._tag}.${revision} ${event.payload} ${key.split("/")[1]}`)
          )
      )
      const typed = Subscriber.make("typed", { events: [Deposited] }).on({ Deposited: () => Effect.void })
      return Effect.gen(function* () {
        yield* history
        yield* write("Account-alice", [{ ...deposited, revision: 7 }])
        yield* Effect.provide(
          Effect.flatMap(Subscriptions.running(everything), ({ reached }) => reached(7)),
          Subscriber.layer(everything)
        )
        expect(seen).toEqual([
          `1 Account-alice Deposited.1 ${money} everything`,
          `2 Account-alice Withdrawn.1 ${money} everything`,
          `3 Account-alice Deposited.1 ${money} everything`,
          "4 Unheard-of Unheard.1 {} everything",
          `5 Unheard-of Deposited.1 ${money} everything`,
          '6 Account-alice Closed.1 {"accountId":"alice"} everything',
          `7 Account-alice Deposited.7 ${money} everything`
        ])
        const { message } = yield* Effect.provide(Effect.flip(Subscriptions.settled), Subscriber.layer(typed))
        expect(message).toContain("at position 7")
      }).pipe(Effect.provide(layer), Effect.provide(errors().layer))
    }
  )
})

it("an event that is in none of the categories would never arrive: it is refused", () => {
  expect(() => EventCodec.make([Closed], [Account])).toThrow('"Closed" is in none of the categories')
})
