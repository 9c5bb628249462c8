/** Logs that read notes in a wrong way: the contract suite must notice. */
import { describe } from "@effect/vitest"
import type { Note, Notes } from "everfold"
import * as Effect from "effect/Effect"
import type { Mutant } from "./brokenNotes.ts"
import { asking, counting, finding, notices } from "./brokenNotes.ts"

const countsOf = (notes: ReadonlyArray<{ readonly subscriber: string }>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { subscriber } of notes) counts.set(subscriber, (counts.get(subscriber) ?? 0) + 1)
  return counts
}

const order = "notes are found by their order, then by the code points of their key"
const query = "a query says which notes: of a key, after an order, up to an order, so many"
const paged = "page after page every note is found once, also of many that have the same order"
const apart = "subscribers and kinds do not see each other's notes"

/** Everything that a query is about, whatever it asks for. */
const all = ({ kind, subscriber }: Notes.Query): Notes.Query => ({ kind, subscriber, limit: 100_000 })

const without =
  (field: "after" | "key" | "limit" | "upTo") =>
  ({ [field]: _, ...query }: Notes.Query): Notes.Query =>
    query

/** Finds the notes of a whole log that are chosen, in any order. */
const choosing = (
  isChosen: (query: Notes.Query, note: Note.Note & { readonly subscriber: string }) => boolean
) =>
  finding((_, query, { memory }) =>
    Effect.succeed(
      [...memory.notes.values()]
        .filter((note) => isChosen(query, note))
        .map(({ key, kind, order, value }) => ({ kind, key, order, value }))
    )
  )

const sorted = (compare: (one: Note.Note, other: Note.Note) => number) =>
  finding((find, query) => Effect.map(find(query), (notes) => notes.toSorted(compare)))

const reads: ReadonlyArray<Mutant> = [
  ["sorts by key first", order, sorted((one, other) => (one.key < other.key ? -1 : 1))],
  [
    "does not sort keys",
    order,
    finding((find, query) => Effect.map(find(query), (notes) => notes.toReversed()))
  ],
  [
    "sorts keys by their units in UTF-16",
    order,
    sorted((one, other) => one.order - other.order || (one.key < other.key ? -1 : 1))
  ],
  [
    "sorts orders as text",
    order,
    sorted((one, other) => (String(one.order) < String(other.order) ? -1 : one.order === other.order ? 0 : 1))
  ],
  [
    "cuts before it sorts",
    order,
    finding((find, query) =>
      Effect.map(find({ ...query, limit: 100_000 }), (notes) => notes.slice(-(query.limit ?? 500)))
    )
  ],
  ["does not look at the key", query, asking(without("key"))],
  ["does not look at the end", query, asking(without("upTo"))],
  ["does not look at the start", query, asking(without("after"))],
  [
    "finds the note that it begins after once more",
    paged,
    finding((find, query) =>
      Effect.map(find({ ...all(query), limit: 100_000 }), (notes) =>
        notes
          .slice(
            Math.max(
              0,
              notes.findIndex((note) => note.order === query.after?.order && note.key === query.after.key)
            )
          )
          .slice(0, query.limit ?? 500)
      )
    )
  ],
  [
    "passes over the notes of the order that it begins after",
    paged,
    asking((query) => (query.after ? { ...query, after: { ...query.after, key: "\u{10ffff}" } } : query))
  ],
  [
    "begins with the order that it begins after",
    query,
    asking((query) =>
      query.after ? { ...query, after: { ...query.after, order: query.after.order - 1 } } : query
    )
  ],
  [
    "excludes the order that it ends at",
    query,
    asking((query) => (query.upTo === undefined ? query : { ...query, upTo: query.upTo - 1 }))
  ],
  ["finds one note more", query, asking((query) => ({ ...query, limit: (query.limit ?? 499) + 1 }))],
  [
    "finds none where at least one is asked for",
    query,
    finding((find, query) => (query.limit === 0 ? Effect.succeed([]) : find(query)))
  ],
  [
    "finds all unless the query says how many",
    "500 notes are found unless the query says otherwise",
    asking((query) => ({ limit: 100_000, ...query }))
  ],
  ["finds at most 500", "500 notes are found unless the query says otherwise", asking(without("limit"))],
  [
    "compares subscribers by their beginning",
    apart,
    choosing(({ kind, subscriber }, note) => note.subscriber.startsWith(subscriber) && note.kind === kind)
  ],
  [
    "compares kinds as they sound",
    apart,
    choosing(
      ({ kind, subscriber }, note) =>
        note.subscriber === subscriber && note.kind.trim().toLowerCase() === kind.trim().toLowerCase()
    )
  ],
  ["has the notes of one subscriber", apart, choosing(({ kind }, note) => note.kind === kind)],
  [
    "counts the notes of all kinds",
    "notes of a kind are counted for each subscriber that has any",
    counting(
      (_, { memory }) =>
        () =>
          Effect.succeed(countsOf([...memory.notes.values()]))
    )
  ],
  [
    "counts those who have none",
    "notes of a kind are counted for each subscriber that has any",
    counting(
      (counts, { memory }) =>
        (kind) =>
          Effect.map(counts(kind), (found) => {
            const nobody = [...memory.checkpoints.keys()].map((subscriber) => [subscriber, 0] as const)
            return new Map([...nobody, ...found])
          })
    )
  ],
  [
    "counts keys",
    "notes of a kind are counted for each subscriber that has any",
    counting(
      (counts) => (kind) =>
        Effect.map(
          counts(kind),
          (found) => new Map([...found].map(([subscriber]) => [subscriber, 1] as const))
        )
    )
  ],
  [
    "counts what it finds",
    "more notes are counted than are found at once",
    counting(
      (counts) => (kind) =>
        Effect.map(
          counts(kind),
          (found) =>
            new Map([...found].map(([subscriber, count]) => [subscriber, Math.min(count, 500)] as const))
        )
    )
  ]
]

describe("the contract of steps and notes", () => {
  notices(reads)
})
