/** What tests of copies of a log stand on. */
import type { StoreError } from "everfold"
import { Soundness, Verification } from "everfold"
import { SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { folder } from "../Stacks.ts"
import { commit, connect, openLog } from "./files.ts"
import { unprotected } from "./tampering.ts"

/** A folder with a closed log of some events in it. */
export const logFolder = (commits = 3, size = 4) =>
  Effect.gen(function* () {
    const directory = yield* folder
    yield* append(directory, commits, size)
    return directory
  })

export const append = (directory: string, commits: number, size = 4) =>
  Effect.scoped(
    Effect.gen(function* () {
      const log = yield* openLog(join(directory, "log.db"))
      for (let n = 0; n < commits; n++) {
        const from = yield* log.checkpoint("letters")
        const advance = { subscriber: "letters", from, to: (yield* log.head) + size }
        yield* log.append({ ...commit(`Product-${n % 5}`, size), advance })
      }
    })
  )

/** Everything that a log says of itself. */
export const saying = (directory: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const log = yield* openLog(join(directory, "log.db"))
      const { events } = yield* log.readAll({ limit: 10_000 })
      return { identity: yield* log.identity, events, letters: yield* log.checkpoint("letters") }
    })
  )

export const problems = (filename: string) =>
  Verification.verify().pipe(
    Effect.provide(SqliteVerification.layer({ filename })),
    Effect.map((report) => report.problems.map(Soundness.describe))
  )

export const reason = <A>(effect: Effect.Effect<A, StoreError.StoreError>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

export const files = (directory: string) => fs.readdirSync(directory).sort()

/** Changes an event in a closed file, and hides the traces. */
export const damage = (file: string) =>
  Effect.scoped(
    Effect.map(connect(file), (raw) =>
      unprotected(raw, () => {
        raw.exec(`update events set payload = '{"n":1,"note":"as it never was"}' where position = 3`)
      })
    )
  )

/** A disk of a megabyte. */
export const smallDisk = Effect.acquireRelease(
  Effect.tap(folder, (place) => Effect.sync(() => mount(place))),
  (place) => Effect.sync(() => unmount(place))
)

const mount = (place: string) =>
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place]).status === 0
const unmount = (place: string) => spawnSync("umount", [place]).status === 0

/** Whether one may have such a disk here. */
export const mayMount = Effect.runSync(
  Effect.scoped(Effect.map(folder, (place) => mount(place) && unmount(place)))
)

/** Lets a database end as a killed process would: with commits that are in the write-ahead log only. */
export const leaveWal = (file: string) =>
  Effect.gen(function* () {
    const aside = yield* folder
    yield* Effect.scoped(
      Effect.gen(function* () {
        const log = yield* openLog(file)
        yield* log.append(commit("Late-1", 2))
        for (const suffix of ["", "-wal"]) fs.copyFileSync(file + suffix, join(aside, `copy${suffix}`))
      })
    )
    for (const suffix of ["", "-wal"]) fs.copyFileSync(join(aside, `copy${suffix}`), file + suffix)
  })
