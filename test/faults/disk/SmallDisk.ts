/** A disk that is soon full: a small file system in memory, or else databases of few pages. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, rmdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { folder } from "../../Layers/Stacks.ts"
import * as PageLimit from "./PageLimit.ts"

/** A disk, and something on it that can be deleted. */
export interface SmallDisk {
  readonly directory: string
  /** What it is, for whoever reads the report. */
  readonly kind: "tmpfs" | "max_page_count"
  /** Makes room for what did not fit. */
  readonly free: Effect.Effect<void>
}

/** A disk of so many bytes, a part of which is filled with something else. */
export const make = ({
  filled,
  size
}: {
  readonly size: number
  readonly filled: number
}): Effect.Effect<SmallDisk, never, Scope.Scope> =>
  Effect.gen(function* () {
    const directory = yield* Effect.option(mounted(size))
    if (directory._tag === "None") {
      const databases = yield* folder
      yield* PageLimit.set(databases, size - filled)
      return { directory: databases, kind: "max_page_count", free: PageLimit.raise(size) }
    }
    const filler = join(directory.value, "filler")
    writeFileSync(filler, Buffer.alloc(filled))
    return { directory: directory.value, kind: "tmpfs", free: Effect.sync(() => rmSync(filler)) }
  })

// internal

const mounted = (size: number) =>
  Effect.acquireRelease(
    Effect.try(() => {
      const directory = mkdtempSync(join(tmpdir(), "everfold-disk-"))
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "everfold", directory], {
          stdio: "ignore"
        })
      } catch (cause) {
        rmdirSync(directory)
        throw cause
      }
      return directory
    }),
    (directory) =>
      Effect.sync(() => {
        execFileSync("umount", ["-l", directory])
        rmdirSync(directory)
      })
  )
