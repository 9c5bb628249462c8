import { describe, expect, it } from "@effect/vitest"
import type { FailurePolicy } from "everfold"
import {
  CommandHandler,
  Parked,
  Reaction,
  Reactor,
  Subscriber,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Account, Deposited, Letter, Send, deposit } from "../Bank.ts"
import { errors, hurry, log, stacks, stateOf, warnings, write } from "./Stacks.ts"

class Unlucky extends Schema.TaggedError<Unlucky>()("Unlucky", { amount: Schema.Int }) {
  override get message() {
    return `${this.amount} brings bad luck`
  }
}

/** The first failure sets an event aside. */
const atOnce: Partial<FailurePolicy.FailurePolicy> = { retry: Schedule.stop }

/** A subscriber that stumbles over some amounts as long as they are in its way. */
const clerk = (...amounts: ReadonlyArray<number>) => {
  const obstacles = new Set(amounts)
  const seen: Array<number> = []
  const tried: Array<number> = []
  const subscriber = Subscriber.make("clerk", { events: [Deposited] }).on({
    Deposited: ({ amount }) =>
      Effect.suspend(() => {
        tried.push(amount)
        if (obstacles.has(amount)) return Effect.fail(new Unlucky({ amount }))
        seen.push(amount)
        return Effect.void
      })
  })
  const running = (policy: Partial<FailurePolicy.FailurePolicy> = atOnce) =>
    Subscriber.layer(subscriber, policy)
  return { obstacles, seen, tried, subscriber, running }
}

/** Writes deposits to the account of somebody, as one page. */
const paid = (accountId: string, ...amounts: ReadonlyArray<unknown>) =>
  write(
    `Account-${accountId}`,
    amounts.map((amount) => ({ type: "Deposited", payload: JSON.stringify({ accountId, amount }) }))
  )

/** What is set aside, as operators read it. */
const setAside = (name: string) => Parked.list({ name })

/** Asks for another attempt at what is set aside of an account, up to a position. */
const retried = (name: string, accountId: string, position: number) =>
  Parked.retry(
    { name },
    { where: (one) => one.sequence === `Account-${accountId}` && one.position <= position }
  )

describe.each(stacks)("an event that cannot be dealt with, on $name", ({ layer }) => {
  it.effect("is set aside with the later ones of its stream, in order, while other streams go on", () => {
    const { layer: logger, lines } = warnings()
    const { running, seen, tried } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3)
      yield* paid("bob", 10)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        yield* paid("alice", 4)
        yield* paid("bob", 11)
        yield* Subscriptions.settled
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", position: 6, parked: 3, errors: 1 })
      }).pipe(Effect.provide(running()))
      expect([seen, tried]).toEqual([
        [1, 10, 11],
        [1, 2, 10, 11]
      ])
      const sequence = "Account-alice"
      expect(yield* setAside("clerk")).toEqual([
        {
          sequence,
          position: 2,
          event: "Deposited (Account-alice version 2)",
          attempts: 1,
          since: 0,
          cause: "Unlucky: 2 brings bad luck"
        },
        { sequence, position: 3, event: "Deposited (Account-alice version 3)", attempts: 0, since: 0 },
        { sequence, position: 5, event: "Deposited (Account-alice version 4)", attempts: 0, since: 0 }
      ])
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(
        'subscriber "clerk" has set aside Deposited (Account-alice version 2) at position 2: Unlucky: 2 brings bad luck.'
      )
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("keeps the later ones of its stream waiting after a restart", () => {
    const { running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2)
      yield* Effect.provide(Subscriptions.settled, running())
      yield* paid("alice", 3)
      yield* paid("bob", 10)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", parked: 2 })
      }).pipe(Effect.provide(running()))
      expect(seen).toEqual([1, 10])
    }).pipe(Effect.provide(layer))
  })

  it.effect("stays as it is when the subscriber is moved back over it, and is counted once", () => {
    const { obstacles, running, seen, subscriber } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3)
      yield* paid("bob", 10)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        const before = yield* setAside("clerk")
        yield* SubscriptionControl.moveTo(subscriber, 1)
        yield* Subscriptions.settled
        expect(yield* setAside("clerk")).toEqual(before)
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", position: 4, parked: 2 })
        obstacles.clear()
        yield* retried("clerk", "alice", 3)
        expect(yield* stateOf("clerk")).toMatchObject({ parked: 0 })
      }).pipe(Effect.provide(running()))
      expect(seen).toEqual([1, 10, 10, 2, 3])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("is tried eight times before, if that may help", () => {
    const { running, seen, tried } = clerk(2)
    return Effect.gen(function* () {
      yield* hurry
      yield* paid("alice", 1, 2, 3)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* stateOf("clerk")).toMatchObject({
          status: "Live",
          parked: 2,
          errors: 8,
          error: "Deposited (Account-alice version 2): Unlucky: 2 brings bad luck"
        })
      }).pipe(Effect.provide(running({})))
      expect([seen, tried]).toEqual([[1], [1, ...Array<number>(8).fill(2)]])
      expect(yield* setAside("clerk")).toMatchObject([{ attempts: 8 }, { attempts: 0 }])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("is dealt with when one of the attempts succeeds, and nothing is set aside", () => {
    const { obstacles, running, seen, tried } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3)
      yield* Effect.gen(function* () {
        const { until } = yield* Subscriptions.running({ name: "clerk" })
        yield* until(({ status }) => status === "Retrying")
        expect((yield* stateOf("clerk"))?.error).toBe(
          "Deposited (Account-alice version 2), attempt 1: Unlucky: 2 brings bad luck"
        )
        obstacles.clear()
        yield* hurry
        yield* Subscriptions.settled
        const recovered = { status: "Live", position: 3, parked: 0, errors: 1, error: undefined }
        expect(yield* stateOf("clerk")).toMatchObject(recovered)
      }).pipe(Effect.provide(running({})))
      expect([seen, tried]).toEqual([
        [1, 2, 3],
        [1, 2, 2, 3]
      ])
      expect(yield* setAside("clerk")).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("is forgotten as soon as it has succeeded, long before the end of the log", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      let failures = 1
      const slow = Subscriber.make("slow", { events: [Deposited] }).on({
        Deposited: ({ amount }) =>
          amount === 2
            ? Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)
            : Effect.suspend(() => (failures-- > 0 ? Effect.fail("flaky") : Effect.void))
      })
      yield* hurry
      yield* paid("alice", 1, 2)
      yield* Effect.gen(function* () {
        yield* Deferred.await(begun)
        expect(yield* stateOf("slow")).toMatchObject({ status: "CatchingUp", errors: 1, error: undefined })
      }).pipe(Effect.provide(Subscriber.layer(slow)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("has its attempts counted across restarts", () => {
    const { running, tried } = clerk(2)
    const hourly = { retry: Schedule.intersect(Schedule.spaced("1 hour"), Schedule.recurs(3)) }
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2)
      for (const attempts of [1, 2, 3]) {
        yield* Effect.gen(function* () {
          const { until } = yield* Subscriptions.running({ name: "clerk" })
          yield* until(({ status }) => status === "Retrying")
          expect((yield* stateOf("clerk"))?.error).toContain(`attempt ${attempts}`)
        }).pipe(Effect.provide(running(hourly)))
        expect(tried).toEqual([1, ...Array<number>(attempts).fill(2)])
      }
      yield* Effect.provide(Subscriptions.settled, running(hourly))
      expect(tried).toEqual([1, 2, 2, 2, 2])
      expect(yield* setAside("clerk")).toMatchObject([{ position: 2, attempts: 4 }])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("may be one that takes too long", () => {
    let begun = 0
    const slow = Subscriber.make("slow", { events: [Deposited] }).on({
      Deposited: ({ amount }) =>
        Effect.suspend(() =>
          amount === 2
            ? Effect.zipRight(
                Effect.sync(() => begun++),
                Effect.never
              )
            : Effect.void
        )
    })
    return Effect.gen(function* () {
      yield* hurry
      yield* paid("alice", 1, 2)
      yield* paid("bob", 3)
      const policy = { timeout: "1 second", retry: Schedule.recurs(1) } as const
      yield* Effect.provide(Subscriptions.settled, Subscriber.layer(slow, policy))
      expect(begun).toBe(2)
      expect(yield* setAside("slow")).toMatchObject([
        { position: 2, attempts: 2, cause: "TimedOut: took longer than 1s" }
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is not tried again when the policy calls its failure a permanent one", () => {
    const { running, tried } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2)
      yield* Effect.provide(Subscriptions.settled, running({ isTransient: () => false }))
      expect(tried).toEqual([1, 2])
    }).pipe(Effect.provide(layer))
  })

  it.effect("halts the subscriber when it does not decode, also behind another one", () => {
    const { layer: logger, lines } = errors()
    const { running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, "three", 4)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Halted", position: 2, parked: 1 })
      }).pipe(Effect.provide(running()))
      expect([seen, lines]).toEqual([[1], [expect.stringContaining("at position 3")]])
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("halts the subscriber when too many are set aside already", () => {
    const { layer: logger, lines } = errors()
    const { running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3, 4)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Halted", position: 3, parked: 2 })
      }).pipe(Effect.provide(running({ ...atOnce, most: 2 })))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain("2 events are set aside already")
      expect([seen, yield* setAside("clerk")]).toMatchObject([[1], [{ position: 2 }, { position: 3 }]])
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })
})

describe.each(stacks)("what is set aside is tried again, on $name", ({ layer }) => {
  it.effect("when somebody asks, in order, and each is done once", () => {
    const { obstacles, running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3, 4)
      yield* paid("bob", 10)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        obstacles.clear()
        yield* retried("clerk", "alice", 4)
        yield* paid("alice", 5)
        yield* Subscriptions.settled
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", position: 6, parked: 0 })
      }).pipe(Effect.provide(running()))
      expect(seen).toEqual([1, 10, 2, 3, 4, 5])
      expect(yield* setAside("clerk")).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.effect("at the next start, before anybody is told that it has caught up", () => {
    const { obstacles, running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3)
      yield* Effect.provide(Subscriptions.settled, running())
      obstacles.clear()
      yield* retried("clerk", "alice", 3)
      yield* paid("alice", 4)
      yield* Effect.provide(Subscriptions.settled, running())
      expect(seen).toEqual([1, 2, 3, 4])
      yield* Effect.provide(Subscriptions.settled, running())
      expect(seen).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(layer))
  })

  it.effect("up to the position that was asked for", () => {
    const { obstacles, running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3, 4)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        obstacles.clear()
        yield* retried("clerk", "alice", 3)
        expect(yield* stateOf("clerk")).toMatchObject({ parked: 1 })
      }).pipe(Effect.provide(running()))
      expect([seen, yield* setAside("clerk")]).toMatchObject([[1, 2, 3], [{ position: 4 }]])
    }).pipe(Effect.provide(layer))
  })

  it.effect("one that fails again stays, says why, and keeps the others waiting", () => {
    const { layer: logger, lines } = warnings()
    const { obstacles, running, seen } = clerk(2)
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3, 4)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        obstacles.delete(2)
        obstacles.add(3)
        yield* retried("clerk", "alice", 4)
        yield* Subscriptions.settled
        expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", parked: 2 })
      }).pipe(Effect.provide(running()))
      expect(seen).toEqual([1, 2])
      expect(yield* setAside("clerk")).toMatchObject([
        { position: 3, attempts: 1, cause: "Unlucky: 3 brings bad luck" },
        { position: 4, attempts: 0 }
      ])
      expect(lines).toHaveLength(2)
      expect(lines[1]).toContain('"clerk" still cannot deal with Deposited (Account-alice version 3)')
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("the answer of a reaction happens exactly once, with what was set aside taken away", () => {
    let isClosed = true
    const Post = Reaction.make("post", { events: [Deposited], commands: [Send] }).on({
      Deposited: ({ accountId, amount }) => {
        if (amount === 2 && isClosed) throw new Error("the post office is closed")
        return [Send.make({ letterId: `${accountId}.${amount}` })]
      }
    })
    const sent = Effect.map(log, (events) =>
      events.filter(({ type }) => type === "Sent").map(({ stream }) => stream.slice("Letter-".length))
    )
    return Effect.gen(function* () {
      yield* paid("alice", 1, 2, 3)
      yield* CommandHandler.handle(Account, deposit("bob", 9))
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* sent).toEqual(["alice.1", "bob.9"])
        isClosed = false
        yield* retried("post", "alice", 3)
        yield* retried("post", "alice", 3)
        yield* Subscriptions.settled
        expect(yield* stateOf("post")).toMatchObject({ status: "Live", parked: 0 })
      }).pipe(Effect.provide(Reactor.layer(Post, [Letter])))
      yield* Effect.provide(Subscriptions.settled, Reactor.layer(Post, [Letter]))
      expect(yield* sent).toEqual(["alice.1", "bob.9", "alice.2", "alice.3"])
    }).pipe(Effect.provide(layer))
  })

  const histories = FastCheck.sample(
    FastCheck.array(
      FastCheck.record({
        account: FastCheck.constantFrom("a", "b", "c"),
        failures: FastCheck.nat({ max: 2 })
      }),
      { minLength: 5, maxLength: 15 }
    ),
    { numRuns: 5, seed: 7 }
  )

  it.effect.each(histories.map((history) => ({ history })))(
    "whatever fails, and however often: each event is done once, in the order of its stream",
    ({ history }) => {
      const left = new Map(history.map(({ failures }, index) => [index + 1, failures]))
      const seen: Array<readonly [string, number]> = []
      const moody = Subscriber.make("moody", { events: [Deposited] }).on({
        Deposited: ({ accountId, amount }) =>
          Effect.suspend(() => {
            const failures = left.get(amount) ?? 0
            left.set(amount, failures - 1)
            if (failures > 0) return Effect.fail(new Unlucky({ amount }))
            seen.push([accountId, amount])
            return Effect.void
          })
      })
      const running = Layer.suspend(() => Layer.fresh(Subscriber.layer(moody, atOnce)))
      return Effect.gen(function* () {
        for (const [index, { account }] of history.entries()) {
          yield* paid(account, index + 1)
          if (index % 4 === 0) yield* Effect.provide(Subscriptions.settled, running)
        }
        let waiting = history.length
        for (let round = 0; waiting > 0 && round < 3 * history.length; round++) {
          yield* Parked.retry(moody)
          yield* Effect.provide(Subscriptions.settled, running)
          waiting = (yield* setAside("moody")).length
        }
        expect(waiting).toBe(0)
        for (const account of ["a", "b", "c"]) {
          const expected = [...history.entries()]
            .filter(([, one]) => one.account === account)
            .map(([index]) => index + 1)
          expect(seen.filter(([name]) => name === account).map(([, amount]) => amount)).toEqual(expected)
        }
      }).pipe(Effect.provide(layer))
    }
  )
})
