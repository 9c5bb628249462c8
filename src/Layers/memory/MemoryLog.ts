/** What a log in memory consists of. */
import type * as Append from "../../Domain/Append.ts"
import type { Checkpoint } from "../../Domain/Commit.ts"
import type { Stored } from "../../Domain/Event.ts"
import type { Note } from "../../Domain/Note.ts"

/** Every event by its position, its commit and its stream; written to by the store alone. */
export interface MemoryLog {
  readonly events: Array<Stored>
  readonly commits: Map<string, Append.Known>
  readonly streams: Map<string, Array<Stored>>
  readonly ends: Map<string, Append.StreamEnd>
  readonly checkpoints: Map<string, Checkpoint>
  /** By their names among those of all subscribers. */
  readonly notes: Map<string, Kept>
}

/** A note, and whose it is. */
export interface Kept extends Note {
  readonly subscriber: string
}

/** A log without events. */
export const empty = (): MemoryLog => ({
  events: [],
  commits: new Map(),
  streams: new Map(),
  ends: new Map(),
  checkpoints: new Map(),
  notes: new Map()
})
