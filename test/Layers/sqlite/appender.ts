/** A program of its own that appends to a log: `appender.ts <file> <name> <count>`. Begins when stdin ends. */
import { Expected } from "everfold"
import * as Effect from "effect/Effect"
import { text } from "node:stream/consumers"
import { openLog } from "./files.ts"

const [filename = "", name = "", count = "0"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const log = yield* openLog(filename)
  process.stdout.write("ready\n")
  yield* Effect.promise(() => text(process.stdin))
  for (let n = 1; n <= Number(count); n++) {
    const stream = `Shared-${n % 4}`
    const event = { type: "Happened", revision: 1, payload: JSON.stringify({ name, n }) }
    const attempt = Effect.gen(function* () {
      const version = (yield* log.readStream({ stream, limit: 10_000 })).length
      const part = { stream, expected: Expected.exactly(version), events: [event] }
      yield* log.append({ id: `${name}-${n}`, metadata: {}, parts: [part] })
    })
    yield* Effect.retry(attempt, { while: ({ _tag }) => _tag === "VersionConflict" })
  }
})

await Effect.runPromise(Effect.scoped(program))
