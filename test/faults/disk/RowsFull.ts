/** The disk of the rows is full, and that of the log is not: commands go on, rows wait for space. */
import { ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { join } from "node:path"
import { turn } from "../../Layers/sqlite/files.ts"
import { folder } from "../../Layers/Stacks.ts"
import * as Library from "./Library.ts"
import type { SmallDisk } from "./SmallDisk.ts"

/** Writes until the projection says that its disk is full, and then some more. */
export const run = ({ directory, free }: SmallDisk) =>
  Effect.gen(function* () {
    const files = { log: join(yield* folder, "log.db"), read: join(directory, "read.db") }
    return yield* Effect.gen(function* () {
      const pages: Array<Library.Page> = []
      const write = Effect.gen(function* () {
        const text = "x".repeat(yield* Random.nextIntBetween(1000, 100_000))
        const page = Library.Write.make({ book: "a", name: `page ${pages.length}`, text })
        pages.push(page)
        yield* Library.write(page)
        for (let turns = 0; turns < 5; turns++) yield* turn
      })
      const isFull = Effect.map(Subscriptions.status, ([state]) => state?.error?.startsWith("Full") === true)
      yield* Effect.repeat(Effect.zipRight(write, isFull), { until: (full) => full, times: 1000 })
      const [state] = yield* Subscriptions.status
      yield* Effect.repeatN(write, 19)
      const { asOf, row } = yield* ReadModel.get(Library.Pages, "page 0")
      yield* free
      yield* Library.settled
      return [
        ...(state?.status === "Retrying"
          ? []
          : [`pages is ${state?.status} (${state?.error}), not Retrying`]),
        ...(row._tag === "Some" ? [] : ["a row cannot be read"]),
        ...(asOf.position < pages.length ? [] : ["the disk was not full"]),
        ...(yield* Library.misprints(pages))
      ]
    }).pipe(Effect.provide(Library.layer(files)))
  })
