import * as World from "./statements/World.ts"
import * as Trouble from "./statements/Trouble.ts"
import { leaping } from "./statements/LeapingClock.ts"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Subscriptions, CommandHandler } from "everfold"
import { Account, withdraw } from "../Bank.ts"
Trouble.install()
const prog = Effect.gen(function* () {
  let t = performance.now()
  const lap = (s: string) => {
    const n = performance.now()
    console.log(s, (n - t).toFixed(1))
    t = n
  }
  const h = yield* World.history
  lap("history")
  for (const w of [World.alone, World.peopled])
    for (let i = 0; i < 6; i++) {
      const d = yield* World.copyOf(h)
      lap("copy")
      let n = 0
      yield* Effect.scoped(
        Effect.gen(function* () {
          const c = yield* Layer.build(w(d))
          lap("open")
          yield* Effect.provide(Subscriptions.settled, c)
          lap("settled")
          yield* Effect.provide(CommandHandler.handle(Account, withdraw("alice", 1)), c)
          lap("handle")
          yield* Effect.provide(Subscriptions.settled, c)
          lap("settled")
        })
      )
      lap("close")
    }
})
await Effect.runPromise(Effect.scoped(leaping(prog)))
