/** Lays a log in memory open. */
import * as Effect from "effect/Effect"
import type { Stored } from "../../Domain/Event.ts"
import { Verification } from "../../Services/Verification.ts"
import type { MemoryLog } from "./MemoryLog.ts"

export const make = ({ checkpoints, events, streams }: MemoryLog) =>
  Verification.of({
    open: Effect.succeed({
      events: (after) =>
        Effect.zipRight(
          turn,
          Effect.sync(() => page(events, Math.max(after, 0)).map(found(streams)))
        ),
      checkpoints: Effect.sync(
        () => new Map(Array.from(checkpoints, ([subscriber, { position }]) => [subscriber, position]))
      ),
      faults: Effect.succeed([])
    })
  })

// internal

const page = (events: ReadonlyArray<Stored>, after: number) => events.slice(after, after + 1000)

/** Lets the event loop go on; a fiber that only yields would hold it up. */
const turn = Effect.async<void>((resume) => {
  const timer = setTimeout(() => resume(Effect.void), 0)
  return Effect.sync(() => clearTimeout(timer))
})

const found = (streams: MemoryLog["streams"]) => (stored: Stored) => ({
  stored,
  previous: streams.get(stored.stream)?.[stored.version - 2]?.position,
  damage: undefined
})
