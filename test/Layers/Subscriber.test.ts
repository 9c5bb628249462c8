import { describe, expect, it } from "@effect/vitest"
import { Parked, StoreError, Subscriber, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { Deposited } from "../Bank.ts"
import { homes, once, settled, through } from "./Processes.ts"
import { deposits, hurry, log, settle } from "./Stacks.ts"

/** A subscriber that fails so many times before it succeeds, and keeps what it was told of each attempt. */
const trying = (name: string, failures: number) => {
  const attempts: Array<Subscriber.Attempt> = []
  const subscriber = Subscriber.make(name, { events: [Deposited] }).on({
    Deposited: (_, __, attempt) =>
      Effect.suspend(() => (attempts.push(attempt) <= failures ? Effect.fail("not yet") : Effect.void))
  })
  return { attempts, subscriber }
}

/** What can be done within ten seconds is done. */
const waited = Effect.repeatN(Effect.zipRight(settle, TestClock.adjust("1 second")), 10)

describe.each(homes)("an effect on $name", ({ make }) => {
  it.scoped("has a key that is the same each time, of this event and this subscriber alone", () =>
    Effect.gen(function* () {
      yield* hurry
      const mail = trying("mail", 2)
      const calls = trying("calls", 0)
      const running = Layer.merge(Subscriber.layer(mail.subscriber), Subscriber.layer(calls.subscriber))
      yield* once(
        yield* make,
        running
      )(
        Effect.gen(function* () {
          yield* deposits(1, 2)
          yield* settled
          const [one, two] = (yield* log).map(({ id }) => id)
          expect(mail.attempts).toEqual([
            { key: `${one}/mail`, attempt: 1 },
            { key: `${one}/mail`, attempt: 2 },
            { key: `${one}/mail`, attempt: 3 },
            { key: `${two}/mail`, attempt: 1 }
          ])
          expect(calls.attempts).toEqual([
            { key: `${one}/calls`, attempt: 1 },
            { key: `${two}/calls`, attempt: 1 }
          ])
        })
      )
    })
  )

  it.scoped("keeps its key and counts on when it was set aside and is tried again, restarts included", () =>
    Effect.gen(function* () {
      const stack = yield* make
      const { attempts, subscriber } = trying("mail", 2)
      const program = once(stack, Subscriber.layer(subscriber, { retry: Schedule.stop }))
      yield* program(Effect.zipRight(deposits(1), settled))
      yield* program(Effect.zipRight(settled, Parked.retry(subscriber)))
      yield* program(Effect.zipRight(settled, Parked.retry(subscriber)))
      const [id] = yield* once(stack, Layer.empty)(Effect.map(log, (events) => events.map(({ id }) => id)))
      expect(attempts).toEqual([1, 2, 3].map((attempt) => ({ key: `${id}/mail`, attempt })))
    })
  )

  it.scoped("whose checkpoint cannot be written is not done again, and the status says why it waits", () =>
    Effect.gen(function* () {
      let locked = true
      const busy = through(({ advance }, write) =>
        locked && advance?.to === 1 ? StoreError.make("Busy", "somebody else writes") : write
      )
      const { attempts, subscriber } = trying("mail", 0)
      yield* once(
        yield* make,
        Layer.provide(Subscriber.layer(subscriber), busy)
      )(
        Effect.gen(function* () {
          const mail = yield* Subscriptions.running(subscriber)
          yield* deposits(1)
          yield* waited
          expect(yield* mail.state).toMatchObject({
            status: "Retrying",
            error: "Busy: somebody else writes"
          })
          locked = false
          yield* waited
          yield* settled
          expect(yield* mail.state).toMatchObject({ status: "Live", position: 1, error: undefined })
          expect(attempts).toHaveLength(1)
        })
      )
    })
  )
})
