/**
 * A program of its own that works with copies of a log.
 *
 * `copier.ts backup <folder of the log> <folder>` and `copier.ts restore <backup> <folder of the log>` go on until
 * they are killed, or work once and kill themselves before the n-th operation on files: `… <n>`.
 * `copier.ts hold <folder of the log>` only keeps it open.
 */
import { SqliteBackup } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import fs from "node:fs/promises"
import { syncBuiltinESMExports } from "node:module"
import { join } from "node:path"
import { openLog } from "./files.ts"

const [what = "", from = "", to = "", last] = process.argv.slice(2)
const ready = Effect.sync(() => process.stdout.write("ready\n"))

/** Dies before the n-th operation on files. */
const dieBefore = (n: number) =>
  Effect.sync(() => {
    let operations = 0
    for (const name of ["link", "lstat", "mkdir", "mkdtemp", "open", "rename", "rm"] as const) {
      const operation: unknown = fs[name]
      Object.assign(fs, {
        [name]: (...args: ReadonlyArray<unknown>) => {
          if (++operations === n) process.kill(process.pid, "SIGKILL")
          return typeof operation === "function" ? Reflect.apply(operation, fs, args) : undefined
        }
      })
    }
    syncBuiltinESMExports()
  })

const work: Readonly<Record<string, (n: number) => Effect.Effect<unknown, unknown>>> = {
  backup: (n) =>
    SqliteBackup.backup({
      directory: from,
      to: join(to, n % 2 === 0 ? "same.db" : `${n}.db`),
      overwrite: n % 2 === 0
    }),
  restore: () => SqliteBackup.restore({ from, directory: to, replace: true }),
  hold: () =>
    Effect.scoped(Effect.zipRight(openLog(join(from, "log.db")), Effect.zipRight(ready, Effect.never)))
}

const once = work[what] ?? (() => Effect.dieMessage(`what is ${what}?`))
const endless = Effect.iterate(0, { while: () => true, body: (n) => Effect.as(once(n), n + 1) })

// Node would end as soon as fibers only wait for each other.
const alive = setInterval(() => {}, 2 ** 31 - 1)
if (what !== "hold") await Effect.runPromise(ready)
await Effect.runPromise(last === undefined ? endless : Effect.zipRight(dieBefore(Number(last)), once(0)))
clearInterval(alive)
