/** Reads what subscribers keep in the log's database. It is written with a commit's `advance`. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Note } from "../Domain/Note.ts"
import type { StoreError } from "./StoreError.ts"

/** Which notes to read. */
export interface Query {
  readonly subscriber: string
  readonly kind: string
  /** Only notes that belong to this. */
  readonly key?: string
  /** Only notes that follow this one. */
  readonly after?: Pick<Note, "order" | "key">
  /** Only notes of this order or an earlier one. */
  readonly upTo?: number
  /** At most so many; default 500. */
  readonly limit?: number
}

/** The port of notes. */
export class Notes extends Context.Tag("everfold/Notes")<
  Notes,
  {
    /** The first notes, by their order, then by their key. */
    readonly find: (query: Query) => Effect.Effect<ReadonlyArray<Note>, StoreError>
    /** How many notes of a kind each subscriber has that has any. */
    readonly counts: (kind: string) => Effect.Effect<ReadonlyMap<string, number>, StoreError>
  }
>() {}

/** All notes that a query finds, page by page. */
export const all = (
  notes: Context.Tag.Service<typeof Notes>,
  query: Omit<Query, "after" | "limit">
): Effect.Effect<ReadonlyArray<Note>, StoreError> =>
  Effect.gen(function* () {
    const found: Array<Note> = []
    while (true) {
      const last = found.at(-1)
      const page = yield* notes.find({ ...query, ...(last && { after: last }) })
      if (page.length === 0) return found
      found.push(...page)
    }
  })

/** How many notes a query asks for. */
export const limitOf = ({ limit = 500 }: Query): number => Math.max(1, limit)
