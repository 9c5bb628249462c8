/** What holds while handlers have their trouble: nothing is passed over, nothing overtakes, everything is told. */
import type { Event, Subscriptions } from "everfold"
import { Parked } from "everfold"
import * as Effect from "effect/Effect"
import * as Books from "../subscribers/Books.ts"
import type { Outside } from "../subscribers/Office.ts"
import type { Stores } from "../subscribers/Place.ts"

/** What is neither done nor set aside, or is done though something before it in its stream is not. */
export const broken = (stores: Stores, { effects }: Outside) =>
  Effect.gen(function* () {
    const events = yield* Books.log(stores)
    const paid = events.filter(({ stream }) => stream.startsWith("Account-"))
    const withdrawn = paid.filter(({ type }) => type === "Withdrawn")
    const letters = new Set(events.flatMap(({ stream, type }) => (type === "Sent" ? [stream] : [])))
    const sent = withdrawn.filter(({ stream, version }) =>
      letters.has(`Letter-${stream.slice("Account-".length)}.${version}`)
    )
    return [
      ...(yield* held("courier", paid, new Set(effects.map(({ position }) => position)))),
      ...(yield* held("letters", withdrawn, new Set(sent.map(({ position }) => position))))
    ]
  })

/** Whoever has halted, and no line says so. */
export const silence = (
  states: ReadonlyArray<Subscriptions.State>,
  errors: ReadonlyArray<string>
): ReadonlyArray<string> =>
  states.flatMap(({ error = "?", name, status }) => {
    if (status !== "Halted") return []
    const told = errors.some((line) => line.includes(`subscriber "${name}" has halted ${error}`))
    return told && name === "ledger" ? [] : [`${name} has halted, ${error}; ${told ? "" : "no line says so"}`]
  })

/** Attempts that were not counted, or counted from the beginning by the next life of the program. */
export const forgotten = ({ tries }: Outside): ReadonlyArray<string> => {
  const last = new Map<number, Outside["tries"][number]>()
  return tries.flatMap((one) => {
    const before = last.get(one.position)
    last.set(one.position, one)
    const next = (before?.attempt ?? 0) + 1
    // What is under way when a life ends does not count.
    const again = before !== undefined && before.life < one.life && one.attempt === before.attempt
    return one.attempt === next || again
      ? []
      : [`attempt ${next} at position ${one.position} is called attempt ${one.attempt}`]
  })
}

// internal

const held = (name: string, wanted: ReadonlyArray<Event.Stored>, done: ReadonlySet<number>) =>
  Effect.map(Parked.list({ name }), (parked) => {
    const aside = new Set(parked.map(({ position }) => position))
    const stuck = new Map<string, number>()
    return wanted.flatMap(({ position, stream }) => {
      const behind = stuck.get(stream)
      if (aside.has(position)) stuck.set(stream, behind ?? position)
      if (aside.has(position) === done.has(position)) {
        return [
          `${name}: position ${position} is ${done.has(position) ? "done and" : "neither done nor"} set aside`
        ]
      }
      return behind !== undefined && done.has(position)
        ? [`${name}: position ${position} of ${stream} is done, and ${behind} before it is set aside`]
        : []
    })
  })
