/** How often an event was tried: noted in the log's database, so that a restart does not begin to count again. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CheckpointMoved } from "../Domain/Commit.ts"
import type { StoreError } from "../Services/StoreError.ts"
import type { Checkpoint } from "./Checkpoint.ts"

/** The attempts at one event: the one after the checkpoint that made trouble last. */
export interface Attempts {
  /** How often the event at this position was tried. */
  readonly of: (position: number) => number
  /** It has failed so many times now. */
  readonly failed: (position: number, attempts: number) => Effect.Effect<void, CheckpointMoved | StoreError>
}

/** Reads what was noted. */
export const open = (checkpoint: Checkpoint): Effect.Effect<Attempts, StoreError> =>
  Effect.map(checkpoint.notes(kind), ([note]) => {
    let last = Option.getOrElse(decode(note?.value), () => none)
    return {
      of: (position) => (last.position === position ? last.attempts : 0),
      failed: (position, attempts) =>
        Effect.suspend(() => {
          last = { position, attempts }
          return checkpoint.take(checkpoint.position(), {
            keep: [{ kind, key: "", order: 0, value: encode(last) }]
          })
        })
    }
  })

// internal

const kind = "attempts"
const none = { position: 0, attempts: 0 }
const json = Schema.parseJson(Schema.Struct({ position: Schema.Int, attempts: Schema.Int }))
const encode = Schema.encodeSync(json)
const decode = Schema.decodeUnknownOption(json)
