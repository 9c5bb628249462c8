/** Several processes on the files of one folder. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { folder } from "../../Layers/Stacks.ts"
import type { Fault } from "../Fault.ts"
import * as Bundle from "../Bundle.ts"
import * as ProcessGroup from "../ProcessGroup.ts"
import * as Files from "../statements/Files.ts"
import * as Contest from "./Contest.ts"

/** A run is a commit of each of four. */
export const contest: Fault = {
  name: "four-processes",
  title: "four processes on one log, a commit each",
  full: 1000,
  ci: 100,
  run: ({ runs }) =>
    Effect.gen(function* () {
      const directory = yield* folder
      const names = ["ann", "ben", "cat", "dan"]
      const started = yield* Effect.forEach(names, (name) =>
        start("contestant.ts", directory, name, String(runs))
      )
      yield* Effect.forEach(started, ({ ready }) => ready, { concurrency: "unbounded" })
      for (const { child } of started) child.stdin.end()
      const ends = yield* Effect.forEach(started, ({ end }) => end, { concurrency: "unbounded" })
      const tales = yield* Effect.forEach(ends, ({ output }) => decode(output.split("\n").at(-1) ?? ""))
      return {
        runs,
        violations: [
          ...tales.flatMap(({ errors }, index) => errors.map((error) => `${names[index]} was told ${error}`)),
          ...tales.flatMap(({ longest, turns }, index) =>
            longest > mostInOneTurn || turns < runs
              ? [`${names[index]} stood still: ${turns} turns, ${longest} waits in one of them`]
              : []
          ),
          ...Files.damage(directory),
          ...unwritten(directory, names, runs)
        ],
        lines: lines(names, tales)
      }
    }).pipe(Effect.scoped)
}

/** A run is a new folder that three open at once. */
export const opening: Fault = {
  name: "three-openers",
  title: "three processes open a new folder at once",
  full: 100,
  ci: 10,
  run: ({ runs }) =>
    Effect.gen(function* () {
      const directory = yield* folder
      const names = ["ann", "ben", "cat"]
      const started = yield* Effect.forEach(names, (name) =>
        start("opener.ts", directory, name, String(names.length), String(runs))
      )
      const ends = yield* Effect.forEach(started, ({ end }) => end, { concurrency: "unbounded" })
      const failed = ends.flatMap(({ code, output }) => (code === 0 ? [] : [output]))
      if (failed.length > 0) return { runs, violations: failed }
      const rounds = Array.from({ length: runs }, (_, index) => join(directory, `round-${index + 1}`))
      return {
        runs,
        violations: rounds.flatMap((round) => [
          ...Files.damage(round),
          ...(isDeepStrictEqual(Files.log(round).map(Files.commitOf).sort(), names)
            ? []
            : ["not everybody's event is there"])
        ])
      }
    }).pipe(Effect.scoped)
}

// internal

/** Waits for the lock of 10 ms each; the first pauses between them are shorter, and over when a wait is. */
const mostInOneTurn = 5

const start = (program: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const file = yield* Bundle.of(join(import.meta.dirname, program))
    const child = yield* ProcessGroup.start(() =>
      spawn(process.execPath, [file, ...args], { detached: true, stdio: ["pipe", "pipe", "pipe"] })
    )
    // Listens from the start, because some end before they are waited for.
    const ended = Effect.runPromise(ProcessGroup.ended(child))
    const ready = Promise.race([once(child.stdout, "data"), ended])
    return { child, ready: Effect.promise(() => ready), end: Effect.promise(() => ended) }
  })

const decode = Schema.decode(Schema.parseJson(Contest.Tale))

/** Steps that are not in the log, and tracks that not everybody has written to. */
const unwritten = (
  directory: string,
  names: ReadonlyArray<string>,
  commits: number
): ReadonlyArray<string> => {
  const log = Files.log(directory)
  const written = new Set(log.map(Files.commitOf))
  const missing = names.flatMap((name) =>
    Array.from({ length: commits }, (_, index) => `${name}-${index + 1}`).filter((id) => !written.has(id))
  )
  const alone = Contest.shared.filter((track) => {
    const writers = log.filter(({ stream }) => stream === `Track-${track}`).map(({ id }) => id.slice(0, 3))
    return new Set(writers).size < names.length && commits > Contest.shared.length
  })
  const miscounted = log.filter(({ payload, version }) => !payload.includes(`"count":${version}}`))
  return [
    ...missing.map((id) => `${id} is missing`),
    ...alone.map((track) => `not all have written to ${track}`),
    ...miscounted.map(({ id }) => `${id} was decided on another state`)
  ]
}

const lines = (names: ReadonlyArray<string>, tales: ReadonlyArray<Contest.Tale>): ReadonlyArray<string> => {
  const row = (name: string, ...cells: ReadonlyArray<string | number>) =>
    name.padEnd(8) + cells.map((cell) => String(cell).padStart(13)).join("")
  return [
    row("", "decided again", "sent again", "lock held", "in a turn", "turns"),
    ...tales.map(({ busy, decidedAgain, longest, sentAgain, turns }, index) =>
      row(names[index] ?? "", decidedAgain, sentAgain, busy, longest, turns)
    )
  ]
}
