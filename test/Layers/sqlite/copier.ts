/**
 * A program of its own that copies a log until it is killed: `copier.ts backup <folder of the log> <folder>`, or
 * `copier.ts restore <backup> <folder of the log>`. `copier.ts hold <folder of the log>` only keeps it open.
 */
import { SqliteBackup } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { openLog } from "./files.ts"

const [what = "", from = "", to = ""] = process.argv.slice(2)
const ready = Effect.sync(() => process.stdout.write("ready\n"))

const backups = (n: number) =>
  Effect.zipRight(
    SqliteBackup.backup({ directory: from, to: join(to, `${n}.db`) }),
    SqliteBackup.backup({ directory: from, to: join(to, "same.db"), overwrite: true })
  )

const programs: Readonly<Record<string, Effect.Effect<unknown, unknown>>> = {
  backup: Effect.zipRight(
    ready,
    Effect.iterate(0, { while: () => true, body: (n) => Effect.as(backups(n), n + 1) })
  ),
  restore: Effect.zipRight(
    ready,
    Effect.forever(SqliteBackup.restore({ from, directory: to, replace: true }))
  ),
  hold: Effect.scoped(Effect.zipRight(Effect.zipRight(openLog(join(from, "log.db")), ready), Effect.never))
}

// Node would end as soon as fibers only wait for each other.
setInterval(() => {}, 2 ** 31 - 1)
await Effect.runPromise(programs[what] ?? Effect.dieMessage(`what is ${what}?`))
