/** One stream, several clients, answers that get lost: is there one order that explains what everybody saw? */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import { interleaved } from "../Interleaving.ts"
import * as LostAcknowledgement from "../LostAcknowledgement.ts"
import * as WriteSide from "../WriteSide.ts"
import type { Call } from "./Account.ts"
import { describe, specification } from "./Account.ts"
import type { Operation } from "./Checker.ts"
import { explain } from "./Checker.ts"
import { misjudged } from "./Planted.ts"
import * as Recording from "./Recording.ts"

/** Each run is a history in memory and one of two stacks on a file. */
export const fault: Fault = {
  name: "linearisable",
  title: "clients of one stream, 10 % lost answers",
  full: 300,
  ci: 30,
  run: (schedule) =>
    Effect.suspend(() => {
      const seen: Array<Operation<Call>> = []
      const runs = Chance.runs(schedule, (seed) =>
        Effect.forEach(places, (place) =>
          Effect.map(history(place, seed), (operations) => {
            seen.push(...operations)
            return judge(operations).map((why) => `${place.name}: ${why}`)
          })
        ).pipe(Effect.map((violations) => violations.flat()))
      )
      return Effect.map(runs, (outcome) => ({
        ...outcome,
        violations: [...misjudged(), ...outcome.violations, ...tooFewLost(seen)],
        lines: table(seen)
      }))
    })
}

// internal

const places = [WriteSide.memory, WriteSide.file]

const history = ({ log, share }: WriteSide.Place, seed: number) =>
  log({ around: LostAcknowledgement.around(losing()) }).pipe(
    Effect.flatMap(WriteSide.open),
    Effect.flatMap(Recording.record),
    Effect.scoped,
    interleaved({ seed, share }),
    (recording) => Chance.seeded(seed, recording),
    Effect.disconnect,
    Effect.timeout("20 seconds")
  )

/** Of four commands one gets no answer however often the handler asks, and one only when it asks again. */
const losing = () => {
  const losses = new Map<string, number>()
  return ({ id }: { readonly id: string }) =>
    Effect.map(Random.nextIntBetween(0, 4), (chance) => {
      const left = losses.get(id) ?? [6, 1, 0, 0][chance] ?? 0
      losses.set(id, left - 1)
      return left > 0
    })
}

const judge = (operations: ReadonlyArray<Operation<Call>>): ReadonlyArray<string> => {
  const { complete, order, state } = explain(specification, operations)
  if (complete) return []
  const inOrder = operations.toSorted((one, other) => one.invoked - other.invoked)
  return [
    [
      `no order explains these; the best one ends after ${order.length} with ${JSON.stringify(state)}`,
      ...inOrder.map((one) => `${order.includes(one.call) ? " " : "?"} ${describe(one)}`)
    ].join("\n")
  ]
}

const table = (seen: ReadonlyArray<Operation<Call>>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { call } of seen) {
    const what = `${call.action._tag}: ${call.answer._tag}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [
    `${seen.length.toLocaleString("en")} operations of ${Recording.clients} clients`,
    ...Array.from(
      counts,
      ([what, count]) => `${what.padEnd(22)}${percent(count / seen.length).padStart(6)}`
    ).sort()
  ]
}

const tooFewLost = (seen: ReadonlyArray<Operation<Call>>): ReadonlyArray<string> => {
  const lost = seen.filter(({ call }) => call.answer._tag === "Unknown").length / seen.length
  return seen.length < 1000 || lost >= 0.08 ? [] : [`only ${percent(lost)} of the outcomes are unknown`]
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`
