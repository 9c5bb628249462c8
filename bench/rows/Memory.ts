/** The most memory that a program needs to build a projection from a whole log. Nobody has filled the log in it. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Balances } from "../Account.ts"
import * as Bundle from "../Bundle.ts"
import type { Contender } from "../Contender.ts"
import { Projector, SqliteStack, Subscriptions } from "../everfold.ts"
import * as Length from "../growth/Length.ts"
import type { Place, Row } from "../Row.ts"

type Cases = "replay"

const everfold = async ({ directory, setting }: Place<Cases>): Promise<Contender> => {
  const fill = await Bundle.of("fill.ts")
  await promisify(execFile)(process.execPath, [fill, directory, setting])
  const stack = Layer.provideMerge(Projector.layer(Balances), SqliteStack.layer({ directory }))
  return () => Effect.runPromise(Effect.provide(Subscriptions.settled, stack))
}

export const memory: Row<Cases> = {
  name: "memory",
  cases: { replay: { unit: "replays", size: 1, runs: 1 } },
  contenders: [{ name: "everfold", settings: ["100,000 events", "1,000,000 events"], open: everfold }],
  atMost: { warmup: 0, rounds: 1 },
  long: true
}
