/** What a log promises of reading the notes that subscribers keep. */
import * as Effect from "effect/Effect"
import type { Note } from "../../Domain/Note.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Notes, Query } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import { find, note, ofOrders, place, promise, take } from "./ContractNotes.ts"

/** Reads. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  promise("notes are found by their order, then by the code points of their key", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const expected = [2, 10, 100].flatMap((order) => keys.map((key) => note(order, "{}", key)))
      yield* take(subscriber, { keep: expected.toReversed() })
      yield* equal("all", yield* find(subscriber), expected)
      yield* equal("the first", yield* find(subscriber, { limit: 20 }), expected.slice(0, 20))
      yield* equal("of one key", yield* find(subscriber, { key: "A" }), [
        note(2, "{}", "A"),
        note(10, "{}", "A"),
        note(100, "{}", "A")
      ])
    })
  ),

  promise("a query says which notes: of a key, after an order, up to an order, so many", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const all = [0, 1, 1, 2, 3, 3, 5].map((order, n) => note(order, `${n}`, n % 2 === 0 ? "even" : "odd"))
      yield* take(subscriber, { keep: all })
      const queries: ReadonlyArray<readonly [Partial<Query>, ReadonlyArray<number>]> = [
        [{}, [0, 2, 1, 3, 4, 5, 6]],
        [{ after: place(0, "even") }, [2, 1, 3, 4, 5, 6]],
        [{ after: place(0, "z") }, [2, 1, 3, 4, 5, 6]],
        [{ after: place(1, "") }, [2, 1, 3, 4, 5, 6]],
        [{ after: place(1, "even") }, [1, 3, 4, 5, 6]],
        [{ after: place(1, "f") }, [1, 3, 4, 5, 6]],
        [{ after: place(1, "odd") }, [3, 4, 5, 6]],
        [{ after: place(4, "") }, [6]],
        [{ after: place(5, "even") }, []],
        [{ upTo: 0 }, [0]],
        [{ upTo: 1 }, [0, 2, 1]],
        [{ upTo: 4 }, [0, 2, 1, 3, 4, 5]],
        [{ after: place(1, "even"), upTo: 3 }, [1, 3, 4, 5]],
        [{ after: place(3, "even"), upTo: 3 }, [5]],
        [{ after: place(3, "odd"), upTo: 3 }, []],
        [{ after: place(3, ""), upTo: 1 }, []],
        [{ key: "even" }, [0, 2, 4, 6]],
        [{ key: "odd", after: place(1, "even") }, [1, 3, 5]],
        [{ key: "odd", after: place(1, "odd") }, [3, 5]],
        [{ key: "even", after: place(1, "odd") }, [4, 6]],
        [{ key: "odd", after: place(0, "odd"), upTo: 2 }, [1, 3]],
        [{ key: "eve" }, []],
        [{ key: "" }, []],
        [{ limit: 1 }, [0]],
        [{ limit: 0 }, [0]],
        [{ limit: 3 }, [0, 2, 1]],
        [{ limit: 100 }, [0, 2, 1, 3, 4, 5, 6]],
        [{ key: "odd", limit: 2 }, [1, 3]],
        [{ after: place(1, "even"), upTo: 3, limit: 2 }, [1, 3]],
        [{ key: "even", after: place(0, "even"), upTo: 5, limit: 2 }, [2, 4]]
      ]
      for (const [query, expected] of queries) {
        const found = yield* find(subscriber, query)
        yield* equal(
          JSON.stringify(query),
          found,
          expected.map((n) => all[n])
        )
      }
    })
  ),

  promise("page after page every note is found once, also of many that have the same order", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const all = [0, 7, 8].flatMap((order) => keys.map((key) => note(order, "{}", key)))
      yield* take(subscriber, { keep: all.toReversed() })
      for (const limit of [1, 2, 7, keys.length, all.length - 1, all.length, all.length + 1]) {
        const found: Array<Note> = []
        while (found.length <= all.length) {
          const last = found.at(-1)
          const page = yield* find(subscriber, { limit, ...(last && { after: last }) })
          if (page.length === 0) break
          found.push(...page)
        }
        yield* equal(`in pages of ${limit}`, found, all)
      }
    })
  ),

  promise("500 notes are found unless the query says otherwise", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const all = ofOrders(...range(1, 620))
      for (const start of [0, 200, 400, 600]) {
        yield* take(subscriber, { keep: all.slice(start, start + 200) })
      }
      yield* equal("by default", yield* find(subscriber), all.slice(0, 500))
      yield* equal("the others", yield* find(subscriber, { after: place(500) }), all.slice(500))
      yield* equal("all", yield* find(subscriber, { limit: 1_000 }), all)
    })
  ),

  promise("subscribers and kinds do not see each other's notes", () =>
    Effect.gen(function* () {
      const id = yield* unique
      const subscribers = [id, `${id} `, `${id}x`, id.toUpperCase(), `${id} ["parked","A-1",1]`, `${id}%`]
      const kinds = ["parked", "park", "Parked", "parked ", "", "%"]
      for (const [n, subscriber] of subscribers.entries()) {
        yield* take(subscriber, { keep: kinds.map((kind, m) => ({ ...note(1, `${n} ${m}`), kind })) })
      }
      for (const [n, subscriber] of subscribers.entries()) {
        for (const [m, kind] of kinds.entries()) {
          const found = yield* find(subscriber, { kind })
          yield* equal(`${subscriber} ${kind}`, found, [{ ...note(1, `${n} ${m}`), kind }])
        }
      }
      yield* equal("of nobody", yield* find(`${id}y`), [])
      yield* equal("of no kind", yield* find(id, { kind: "parkedx" }), [])
    })
  ),

  promise("notes of a kind are counted for each subscriber that has any", (_, notes) =>
    Effect.gen(function* () {
      const [kind, other] = [yield* unique, yield* unique]
      const [one, two, three] = [yield* unique, yield* unique, yield* unique]
      const of = (kind: string, orders: ReadonlyArray<number>) =>
        orders.map((order) => ({ ...note(order), kind }))
      const counted = (kind: string) => Effect.map(notes.counts(kind), (counts) => [...counts].sort())
      const expected = (...counts: ReadonlyArray<readonly [string, number]>) => [...counts].sort()
      yield* equal("at first", yield* counted(kind), [])
      yield* take(one, { keep: [...of(kind, [1, 2, 3]), ...of(other, [1])] })
      yield* take(two, { keep: [...of(kind, [1]), { ...note(1, "{}", "A-2"), kind }] })
      yield* take(three, { keep: of(other, [1, 2]) })
      yield* equal("of the kind", yield* counted(kind), expected([one, 3], [two, 2]))
      yield* equal("of the other", yield* counted(other), expected([one, 1], [three, 2]))
      yield* take(one, { drop: [{ ...place(1), kind }], keep: of(kind, [2]) })
      yield* take(three, { drop: of(other, [1, 2]) })
      yield* equal("one less", yield* counted(kind), expected([one, 2], [two, 2]))
      yield* equal("none left", yield* counted(other), [[one, 1]])
      yield* equal("of no kind", yield* counted(`${kind}x`), [])
    })
  ),

  promise("more notes are counted than are found at once", (_, notes) =>
    Effect.gen(function* () {
      const [subscriber, kind] = [yield* unique, yield* unique]
      for (const start of [0, 400, 800]) {
        const keep = range(start + 1, start + 400).map((order) => ({ ...note(order), kind }))
        yield* take(subscriber, { keep })
      }
      yield* equal("how many", [...(yield* notes.counts(kind))], [[subscriber, 1_200]])
    })
  )
]

// internal

/** In the order of their code points, which is not that of their units in UTF-16. */
const keys = ["", "\u0000", " ", "10", "9", "A", "A ", "AA", "B", "a", "\u007f", "ä", "語", "\uffee", "😀"]
