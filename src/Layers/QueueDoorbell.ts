/** A doorbell inside one process: a sliding queue of one ring, which brings what those before it have brought as well. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Append from "../Domain/Append.ts"
import type { Page } from "../Domain/Event.ts"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(Queue.sliding<Page | undefined>(1), (rings) =>
  Doorbell.of({
    ring: (news) =>
      Effect.flatMap(Queue.poll(rings), (waiting) =>
        Effect.asVoid(
          Queue.offer(
            rings,
            Option.match(waiting, { onNone: () => news, onSome: (before) => Append.joined(before, news) })
          )
        )
      ),
    rung: Queue.take(rings)
  })
)

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)
