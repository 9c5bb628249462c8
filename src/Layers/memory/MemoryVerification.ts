/** Lays a log in memory open. */
import * as Effect from "effect/Effect"
import type { Stored } from "../../Domain/Event.ts"
import { Verification } from "../../Services/Verification.ts"
import * as EventLoop from "../EventLoop.ts"
import type { MemoryLog } from "./MemoryLog.ts"

export const make = ({ checkpoints, events, streams }: MemoryLog) =>
  Verification.of({
    open: Effect.succeed({
      events: (after) =>
        Effect.zipRight(
          EventLoop.pause(0),
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

const found = (streams: MemoryLog["streams"]) => (stored: Stored) => ({
  stored,
  previous: streams.get(stored.stream)?.[stored.version - 2]?.position,
  damage: undefined
})
