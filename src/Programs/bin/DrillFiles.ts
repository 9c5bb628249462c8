/** Hands laid on the files of a program: what hardware, backups and people do to them. */
import { execFile } from "node:child_process"
import * as fs from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { StoreError, Verification } from "everfold"
import { SqliteBackup, SqliteStack, SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { Reorder } from "../../Domain/Purchasing/Reorder.ts"
import * as SqliteThread from "../../Layers/sqlite/SqliteThread.ts"
import type * as Drill from "../disaster/Drill.ts"

/** The files in a folder, with a backup beside them. */
export const make = (directory: string): Drill.Files => {
  const log = join(directory, "log.db")
  const copy = join(directory, "backup.db")
  return {
    stack: SqliteStack.layer({ directory }),
    deleteRows: attempt(async () => {
      for (const suffix of ["", "-wal", "-shm"])
        await fs.rm(join(directory, `read.db${suffix}`), { force: true })
    }),
    backup: SqliteBackup.backup({ directory, to: copy, overwrite: true }),
    restore: Effect.map(
      SqliteBackup.restore({ from: copy, directory, replace: true }),
      ({ identity }) => identity.epoch
    ),
    verify: verify(directory),
    flip: (text) => attempt(() => flip(log, text)),
    forgetCheckpoints: Effect.scoped(
      Effect.flatMap(SqliteThread.open({ filename: log, readonly: false }), ({ run }) =>
        Effect.asVoid(run("delete from checkpoints"))
      )
    ),
    disk: Effect.catchAll(mounted, ({ details }) =>
      Effect.succeed(`no small disk can be mounted here (${details})`)
    )
  }
}

// internal

const attempt = (work: () => Promise<void>): Effect.Effect<void, StoreError.StoreError> =>
  Effect.tryPromise({ try: work, catch: (cause) => StoreError.make("Unavailable", String(cause), cause) })

const verify = (directory: string) =>
  Effect.provide(
    Verification.verify({ aggregates: [Product, Reorder] }),
    SqliteVerification.layer({ filename: join(directory, "log.db") })
  )

/** The first byte behind the first place where the text stands becomes another digit. */
const flip = async (file: string, text: string) => {
  const bytes = await fs.readFile(file)
  const place = bytes.indexOf(text)
  if (place < 0) throw new Error(`${text} does not stand in ${file}`)
  const at = place + text.length
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await fs.writeFile(file, bytes)
}

/** Four megabytes of memory as a disk; whoever may not mount has none. */
const mounted: Effect.Effect<Drill.Disk, StoreError.StoreError, Scope.Scope> = Effect.gen(function* () {
  const directory = yield* Effect.acquireRelease(mount, (directory) =>
    Effect.orDie(attempt(() => unmount(directory)))
  )
  const filler = join(directory, "filler")
  return {
    stack: SqliteStack.layer({ directory }),
    verify: verify(directory),
    fill: attempt(() => fill(filler)),
    free: attempt(() => fs.rm(filler))
  }
})

const mount = Effect.tryPromise({
  try: async () => {
    const directory = await fs.mkdtemp(join(tmpdir(), "everfold-disk-"))
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=4m", "everfold", directory])
      return directory
    } catch (cause) {
      await fs.rmdir(directory)
      throw cause
    }
  },
  catch: (cause) => StoreError.make("Unavailable", "mount is refused", cause)
})

const unmount = async (directory: string) => {
  await run("umount", ["-l", directory])
  await fs.rmdir(directory)
}

const run = promisify(execFile)

const fill = async (file: string) => {
  const handle = await fs.open(file, "w")
  try {
    while (true) await handle.write(Buffer.alloc(4096))
  } catch (cause) {
    if (!String(cause).includes("ENOSPC")) throw cause
  } finally {
    await handle.close()
  }
}
