/** The disk of a copy is full: nothing is there that looks like one, and what was there before is as it was. */
import type { StoreError } from "everfold"
import { SqliteBackup } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { folder } from "../../Layers/Stacks.ts"
import * as Files from "../statements/Files.ts"
import * as Library from "./Library.ts"
import type { SmallDisk } from "./SmallDisk.ts"

/** Copies a log to the disk, and makes a log of a copy there, while there is no space and when there is. */
export const run = ({ directory, free }: SmallDisk) =>
  Effect.gen(function* () {
    const source = yield* folder
    const files = { log: join(source, "log.db"), read: join(source, "read.db") }
    const to = join(directory, "copy.db")
    const restored = join(directory, "restored")
    return yield* Effect.gen(function* () {
      yield* Library.write(page(0))
      yield* SqliteBackup.backup({ directory: source, to })
      const [before, listed] = [readFileSync(to), readdirSync(directory)]
      yield* Effect.forEach(
        Array.from({ length: 20 }, (_, n) => n + 1),
        (n) => Library.write(page(n))
      )
      yield* SqliteBackup.backup({ directory: source, to: join(source, "copy.db") })

      const copy = SqliteBackup.backup({ directory: source, to, overwrite: true })
      const restore = SqliteBackup.restore({ from: join(source, "copy.db"), directory: restored })
      const refused = [yield* Effect.either(copy), yield* Effect.either(restore)]
      const left = readdirSync(directory, { recursive: true }).filter((file) => file !== "restored")
      const untouched = readFileSync(to).equals(before)
      yield* free
      yield* copy
      yield* restore
      const copies = [to, join(restored, "log.db")].map(Files.events)
      return [
        ...refused.flatMap(notFull),
        ...(isDeepStrictEqual(left, listed) ? [] : [`left on the disk: ${left.join()}`]),
        ...(untouched ? [] : ["the copy that was there before is another one"]),
        ...copies.flatMap((copy) => (copy.length === 21 ? [] : [`a copy has ${copy.length} events, not 21`]))
      ]
    }).pipe(Effect.provide(Library.layer(files)))
  })

// internal

const page = (n: number) =>
  Library.Write.make({ book: "a", name: `page ${n}`, text: "x".repeat(n === 0 ? 100 : 100_000) })

const notFull = (outcome: Either.Either<unknown, StoreError.StoreError>): ReadonlyArray<string> =>
  Either.isRight(outcome)
    ? ["a copy fits that should not"]
    : outcome.left.reason === "Full"
      ? []
      : [`not Full: ${outcome.left.message}`]
