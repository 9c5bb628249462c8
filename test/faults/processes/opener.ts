/** One of several processes that open new folders at the same moments: `opener.ts <folder> <name> <of> <rounds>`. */
import { EventStore, Expected } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { turn } from "../../Layers/sqlite/files.ts"

const [folder = "", name = "", of, rounds] = process.argv.slice(2)

/** Waits until all are there. */
const together = (round: number) =>
  Effect.gen(function* () {
    const meeting = join(folder, `meeting-${round}`)
    mkdirSync(meeting, { recursive: true })
    writeFileSync(join(meeting, name), "")
    while (readdirSync(meeting).length < Number(of)) yield* turn
  })

const open = (round: number) =>
  Effect.flatMap(EventStore.EventStore, (store) =>
    store.append({
      id: name,
      metadata: {},
      parts: [
        { stream: "All-1", expected: Expected.any, events: [{ type: "Opened", revision: 1, payload: "{}" }] }
      ]
    })
  ).pipe(Effect.provide(SqliteStack.layer({ directory: join(folder, `round-${round}`) })))

for (let round = 1; round <= Number(rounds); round++) {
  await Effect.runPromise(Effect.zipRight(together(round), open(round)))
}
process.exit(0)
