/** A program that writes to a log and says what it does: `writer.ts <folder> <durability> <seed>`. */
import type { Engine } from "everfold"
import { CommandHandler, EventStore, Expected } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { writeSync } from "node:fs"
import { Journal, Note } from "../../Bank.ts"
import * as Chance from "../Chance.ts"
import { traceFd } from "./Shim.ts"
import * as Trace from "./Trace.ts"

const [directory = "", durability, seed] = process.argv.slice(2)

const tell = (line: string) => Effect.sync(() => writeSync(traceFd, `${line}\n`))

type Road = (journalId: string, text: string) => Effect.Effect<unknown, unknown, Engine.Stack>

const roads: Record<Trace.Case["road"], Road> = {
  append: (journalId, text) =>
    Effect.flatMap(EventStore.EventStore, (store) => {
      const events = [{ type: "Noted", revision: 1, payload: JSON.stringify({ journalId, text }) }]
      const parts = [{ stream: `Journal-${journalId}`, expected: Expected.any, events }]
      return store.append({ id: text, metadata: {}, parts })
    }),
  handle: (journalId, text) => CommandHandler.handle(Journal, Note.make({ journalId, text }))
}

/** Nobody comes exactly when the others do. */
const hesitate = Effect.flatMap(Random.nextIntBetween(0, 100), (turns) =>
  Effect.repeatN(Effect.yieldNow(), turns)
)

let mark = 0

/** Each caller makes its commits one after the other; some share a stream. */
const write = ({ callers, commits, road }: Trace.Case) =>
  Effect.forEach(
    Array.from({ length: callers }, (_, caller) => caller),
    (caller) =>
      Effect.repeatN(
        Effect.suspend(() => {
          const own = ++mark
          return hesitate.pipe(
            Effect.zipRight(tell(`take ${own}`)),
            Effect.zipRight(roads[road](String(caller % 7), Trace.text(own))),
            Effect.zipRight(tell(`ack ${own}`))
          )
        }),
        commits - 1
      ),
    { concurrency: "unbounded", discard: true }
  )

const program = Effect.forEach(Trace.cases, (one) =>
  Effect.zipRight(tell(`case ${Trace.name(one)}`), write(one))
)

const stack = SqliteStack.layer({ directory, durability: durability === "NORMAL" ? "NORMAL" : "FULL" })

await Effect.runPromise(Chance.seeded(Number(seed), Effect.provide(program, stack)))
