/** Random histories against a reference model: in memory, in files, and in files that are synced to the disk. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import { interleaved } from "../Interleaving.ts"
import type { Place } from "../WriteSide.ts"
import * as WriteSide from "../WriteSide.ts"
import * as History from "./History.ts"
import { others, writes } from "./Kind.ts"
import { limits } from "./Bounds.ts"
import { shrink } from "./Shrinking.ts"
import type { Step } from "./Step.ts"
import * as Steps from "./Step.ts"
import * as Table from "./Table.ts"

/** On one stack in memory. */
export const inMemory: Fault = histories(WriteSide.memory, {
  name: "histories-memory",
  title: "random histories in memory",
  full: 10_000
})

/** On two stacks over one file. */
export const onFile: Fault = histories(WriteSide.file, {
  name: "histories-file",
  title: "random histories on a file",
  full: 2000
})

/** The same, where a return means durable. */
export const onDisk: Fault = histories(WriteSide.disk, {
  name: "histories-disk",
  title: "random histories on a file, synchronous=FULL",
  full: 500
})

// internal

function histories(place: Place, fault: Pick<Fault, "full" | "name" | "title">): Fault {
  return {
    ...fault,
    ci: fault.full / 10,
    run: (schedule) =>
      Effect.suspend(() => {
        const table = Table.make(kinds(place.onFile))
        const runs = Chance.runs(schedule, (seed) =>
          Effect.flatMap(Chance.one(Steps.histories(place.onFile)), (steps) =>
            told(place, seed, steps, table.count)
          )
        )
        return Effect.map(runs, (outcome) => ({
          ...outcome,
          violations: [...outcome.violations, ...table.violations()],
          lines: table.lines()
        }))
      })
  }
}

/** What went wrong in a history, if anything did; in as few steps as can be found. */
const told = (place: Place, seed: number, steps: ReadonlyArray<Step>, came: Table.Table["count"]) =>
  Effect.gen(function* () {
    const tried = (some: ReadonlyArray<Step>) => broken(place, seed, some, () => undefined)
    const first = yield* broken(place, seed, steps, came)
    if (first === undefined) return []
    // To wait once is enough.
    const fewer = first.includes(hangs)
      ? steps
      : yield* shrink(steps, (some) => Effect.map(tried(some), (found) => found !== undefined))
    const shortest = fewer === steps ? first : ((yield* tried(fewer)) ?? first)
    return [`in ${fewer.length} of ${steps.length} steps:\n${shortest}`]
  })

/** What was asked, and why the answers were wrong; nothing when they were right. */
const broken = (place: Place, seed: number, steps: ReadonlyArray<Step>, came: Table.Table["count"]) =>
  Effect.suspend(() => {
    const past: Array<string> = []
    const watch = { came, asked: (request: string) => void past.push(request) }
    return Effect.flatMap(place.log({ limits }), (log) => History.live(log, steps, watch)).pipe(
      Effect.scoped,
      interleaved({ seed, share: place.share }),
      (history) => Chance.seeded(seed, history),
      Effect.disconnect,
      Effect.timeoutFail({ duration: longest, onTimeout: () => new Error(hangs) }),
      Effect.matchCause({
        onFailure: (cause) => [...past, Cause.pretty(cause)].join("\n"),
        onSuccess: () => undefined
      })
    )
  })

const hangs = "there is no answer to the last one"

/** A history takes a fraction of a second. */
const longest = "10 seconds"

const kinds = (onFile: boolean) =>
  new Map<string, ReadonlyArray<string>>([
    ...[...writes, ...others].map(({ name, words }) => [name, words] as const),
    [
      Steps.burst,
      ["accepted", "refused", "nothing to do", "found", "id reused", "written", "conflict", "holds", "moved"]
    ],
    [Steps.interruption, ["written", "nothing written", "too late"]],
    ...(onFile
      ? ([
          [Steps.elsewhere, ["answered"]],
          [Steps.reopening, ["open"]]
        ] as const)
      : [])
  ])
