/** The disk is full, and then it is not. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import { leaping } from "../statements/LeapingClock.ts"
import * as CopyFull from "./CopyFull.ts"
import * as LogFull from "./LogFull.ts"
import * as RowsFull from "./RowsFull.ts"
import * as SmallDisk from "./SmallDisk.ts"
import * as SnapshotFull from "./SnapshotFull.ts"

/** Each run fills a disk that is used for one thing or another. */
export const fault: Fault = {
  name: "disk-full",
  title: "the disk is full, and then it is not",
  full: 40,
  ci: 4,
  run: (schedule) =>
    Effect.gen(function* () {
      const kinds = new Map<string, number>()
      const outcome = yield* Chance.runs(schedule, (seed) =>
        Effect.gen(function* () {
          const { filled, most, name, run, size } = uses[seed % uses.length] ?? raise()
          const disk = yield* SmallDisk.make({
            size: Math.floor(mebibyte * (yield* Random.nextRange(size, most))),
            filled: mebibyte * filled
          })
          // A copy is made on a thread, by connections of its own.
          const untried = disk.kind === "max_page_count" && run === CopyFull.run
          const key = `${name}, ${untried ? "not tried with" : "on"} ${disk.kind}`
          kinds.set(key, (kinds.get(key) ?? 0) + 1)
          if (untried) return []
          const violations = yield* run(disk)
          return violations.map((violation) => `${key}: ${violation}`)
        }).pipe(Logger.withMinimumLogLevel(LogLevel.None))
      )
      return {
        ...outcome,
        lines: [...kinds].map(([key, runs]) => `${key.padEnd(40)}${String(runs).padStart(6)}`)
      }
    }).pipe(leaping)
}

// internal

/** What the disk is for. */
interface Use {
  readonly name: string
  readonly run: (disk: SmallDisk.SmallDisk) => Effect.Effect<ReadonlyArray<string>, unknown, Scope.Scope>
  /** How large it is, in MiB, and how much of it something else has taken. */
  readonly size: number
  readonly most: number
  readonly filled: number
}

const mebibyte = 1024 * 1024

const uses: ReadonlyArray<Use> = [
  { name: "log and rows", run: LogFull.run, size: 12, most: 22, filled: 10 },
  { name: "rows", run: RowsFull.run, size: 8, most: 8, filled: 6 },
  { name: "copies", run: CopyFull.run, size: 16, most: 16, filled: 15 },
  { name: "snapshots", run: SnapshotFull.run, size: 8, most: 8, filled: 7 }
]

const raise = (): never => {
  throw new Error("there is a use for each seed")
}
