/** A doorbell and a bus that nobody can rely on. */
import type { Event } from "everfold"
import { Doorbell, MessageBus, QueueDoorbell } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import { PCGRandom } from "effect/Utils"

/** How often something happens to a page on its way, between 0 and 1. */
export interface Shares {
  /** It never arrives; not the newest one, which a bus may not lose. */
  readonly lost: number
  /** It arrives later than those after it. */
  readonly late: number
  /** It brings events that came before. */
  readonly overlapping: number
}

/** Hands on each page up to three times, some of them late, never, or together with earlier ones. */
export const unreliable = (
  shares: Shares
): Layer.Layer<MessageBus.MessageBus, never, MessageBus.MessageBus> =>
  Layer.effect(
    MessageBus.MessageBus,
    Effect.map(MessageBus.MessageBus, (real) => ({
      subscribe: Effect.gen(function* () {
        const { after, pages } = yield* real.subscribe
        const arriving = yield* Queue.bounded<Event.Page>(1000)
        const post = postOf(shares, new PCGRandom(yield* Random.nextInt))
        const deliver = (page?: Event.Page) => Queue.offerAll(arriving, post(page))
        yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(pages), deliver)))
        yield* Effect.forkScoped(Effect.forever(Effect.delay(Effect.suspend(deliver), "300 millis")))
        return { after, pages: arriving }
      })
    }))
  )

/** A doorbell whose rings get lost, come late, or come twice; or one that never rings. */
export const doorbell = (rings: boolean): Layer.Layer<Doorbell.Doorbell> =>
  Layer.effect(
    Doorbell.Doorbell,
    Effect.map(Effect.all([QueueDoorbell.make, Random.nextInt]), ([real, seed]) => {
      const random = new PCGRandom(seed)
      let late = 0
      const ring: typeof real.ring = (news) => {
        const chance = random.number()
        if (!rings || chance < 0.25) return
        if (chance < 0.5) return void late++
        const times = late + (chance < 0.75 ? 1 : 2)
        late = 0
        for (let time = 0; time < times; time += 1) real.ring(news)
      }
      return Doorbell.Doorbell.of({ ring, rung: real.rung })
    })
  )

// internal

/** What arrives when a page was sent, or when none was for a while. */
const postOf = ({ late, lost, overlapping }: Shares, chance: PCGRandom) => {
  const sent: Array<Event.Page> = []
  let waiting: Array<Event.Page> = []

  const copies = (page: Event.Page) =>
    Array.from({ length: 1 + chance.integer(3) }, () => {
      const index = sent.indexOf(page)
      return chance.number() < overlapping ? joined(sent.slice(chance.integer(index + 1), index), page) : page
    })

  return (page: Event.Page | undefined): ReadonlyArray<Event.Page> => {
    if (page !== undefined) sent.push(page)
    const due = page === undefined ? waiting : [...waiting, page]
    waiting = []
    const arriving: Array<Event.Page> = []
    for (const one of due) {
      const fate = chance.number()
      if (fate < lost && one !== sent.at(-1)) continue
      // When nothing comes any more, everything has arrived.
      if (page !== undefined && fate < lost + late) waiting.push(one)
      else arriving.push(...copies(one))
    }
    return shuffled(arriving, chance)
  }
}

const shuffled = <A>(all: ReadonlyArray<A>, chance: PCGRandom): ReadonlyArray<A> =>
  all
    .map((one) => [chance.number(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)

/** Pages that continue each other, as one. */
const joined = (before: ReadonlyArray<Event.Page>, page: Event.Page): Event.Page => ({
  ...page,
  after: before[0]?.after ?? page.after,
  events: [...before, page].flatMap(({ events }) => events)
})
