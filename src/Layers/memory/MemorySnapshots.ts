/** Snapshots in memory: they end with the program. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Snapshot } from "../../Domain/Snapshot.ts"
import { Snapshots } from "../../Services/Snapshots.ts"

export const make = Effect.sync(() => {
  const kept = new Map<string, Snapshot>()
  const isNewest = ({ stream, version }: Snapshot) => version >= (kept.get(stream)?.version ?? 0)

  return Snapshots.of({
    load: (stream, key) =>
      Effect.sync(() =>
        Option.filter(Option.fromNullable(kept.get(stream)), (snapshot) => snapshot.key === key)
      ),
    save: (snapshots) =>
      Effect.sync(() => {
        for (const snapshot of snapshots) if (isNewest(snapshot)) kept.set(snapshot.stream, snapshot)
      }),
    discard: (stream) => Effect.sync(() => void kept.delete(stream))
  })
})

/** No snapshot yet. */
export const layer: Layer.Layer<Snapshots> = Layer.effect(Snapshots, make)
