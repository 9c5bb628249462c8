/** What is written to the log together or not at all. */
import type { Encoded, Metadata } from "./Event.ts"
import type { Expected } from "./Expected.ts"
import * as StreamName from "./StreamName.ts"

/** The events for one stream, and what that stream must look like. No events: a mere check. */
export interface Part {
  readonly stream: string
  readonly expected: Expected
  readonly events: ReadonlyArray<Encoded>
}

/** Moves the checkpoint of a reaction, if it still is where the reaction left it. */
export interface Advance {
  readonly subscriber: string
  readonly from: number
  readonly to: number
}

/** Parts for different streams, why they are written, and the checkpoint that moves with them. */
export interface Commit {
  readonly metadata: Metadata
  readonly parts: ReadonlyArray<Part>
  readonly advance?: Advance
}

/** Why no store may take this commit, whatever its log holds; `undefined` when there is no reason. */
export const problem = ({ parts }: Commit): string | undefined => {
  const streams = new Set<string>()
  const ids = new Set<string>()
  for (const { events, stream } of parts) {
    if (!StreamName.isValid(stream)) return `"${stream}" is no stream name: ${StreamName.rule}`
    if (streams.has(stream)) return `stream "${stream}" has two parts in one commit`
    streams.add(stream)
    for (const { id, payload, type } of events) {
      if (ids.has(id)) return `event id ${id} occurs twice in one commit`
      ids.add(id)
      // No store could give half a character back.
      if (![id, type, payload].every((text) => text.isWellFormed()))
        return `event ${id} has text that is not Unicode`
    }
  }
  return undefined
}
