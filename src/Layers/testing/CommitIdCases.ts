/** What a log promises of the ids of commits: each finds its own commit, and nothing else. */
import * as Effect from "effect/Effect"
import { eventId } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, refuses, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Ids. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("a commit of any size is found whole and in order", (store) =>
    Effect.gen(function* () {
      for (const size of [1, 7, 12, 100]) {
        const parts = [Log.part(yield* Log.freshStream(), size), Log.part(yield* Log.freshStream(), size)]
        const commit = yield* Log.commit(...parts)
        const first = yield* store.append(commit)
        const { events, ...found } = yield* store.append({ ...commit, parts: [] })
        const ids = range(0, 2 * size - 1).map((n) => eventId(commit.id, n))
        yield* equal(
          `ids of ${size}`,
          events.map(({ id }) => id),
          ids
        )
        yield* equal(`events of ${size}`, events, first.events)
        yield* equal("the rest", found, { position: first.position, duplicate: true })
      }
    })
  ),

  Log.promise("ids are told apart letter by letter, also where one begins with another", (store) =>
    Effect.gen(function* () {
      const all = [
        ...["", "#0", "#1", "#0#0", "#00", "#", "%", "_", "$", "a", "A", "\u00e4", "a\u0308", " ", '"', "'"],
        ...["; drop table events; --", "?", "\\", "%5Ã", "*", "[a]", "😀", "\u{10FFFF}", "日本語", "\u2028"]
      ]
      for (const order of [all, [...all].reverse()]) {
        const [base, stream] = [yield* unique, yield* Log.freshStream()]
        const commits = yield* Effect.forEach(order, (ending, index) =>
          Effect.map(Log.commit(Log.part(stream, (index % 3) * 5 + 2)), (commit) => ({
            ...commit,
            id: base + ending
          }))
        )
        const written = yield* Effect.forEach(commits, (commit) => store.append(commit))
        const found = yield* Effect.forEach(commits, (commit) => store.append({ ...commit, parts: [] }))
        for (const [index, first] of written.entries()) {
          const what = JSON.stringify(order[index])
          yield* equal(`${what} is new`, first.duplicate, false)
          yield* equal(`${what} is found`, found[index], { ...first, duplicate: true })
        }
      }
    })
  ),

  Log.promise("what is no id is refused, and what writes no event needs none", (store) =>
    Effect.gen(function* () {
      const [base, stream] = [yield* unique, yield* Log.freshStream()]
      const append = (id: string, count: number) =>
        store.append({ id, metadata: {}, parts: [Log.part(stream, count)] })
      const invalid = { _tag: "StoreError", reason: "Invalid" }
      const bad = [
        "\u0000",
        `${base}\u0000`,
        `\u0000${base}`,
        `${base}\n`,
        `${base}\u007f`,
        `${base}\ud83d`,
        base.padEnd(201, "x")
      ]
      yield* refuses("none", append("", 1), invalid)
      for (const id of bad) {
        yield* refuses(`${JSON.stringify(id)} with an event`, append(id, 1), invalid)
        yield* refuses(`${JSON.stringify(id)} without`, append(id, 0), invalid)
      }
      yield* Log.untouched(stream)
      yield* equal(
        "checks",
        [yield* append("", 0), yield* append("", 0)].map((one) => one.duplicate),
        [false, false]
      )
      const longest = base + "😀".repeat(200 - base.length)
      yield* equal("the longest one", (yield* append(longest, 1)).events[0]?.id, eventId(longest, 0))
    })
  ),

  Log.promise("a refused commit does not use up its id, and neither does a check", (store) =>
    Effect.gen(function* () {
      const [stream, subscriber] = [yield* Log.freshStream(), yield* unique]
      const advance = { subscriber, from: 3, to: 4 }
      const commit = { ...(yield* Log.commit()), request: "at first" }
      const conflict = { ...commit, parts: [Log.part(stream, 2, Expected.streamExists)] }
      yield* refuses("a conflict", store.append(conflict), { _tag: "VersionConflict" })
      yield* refuses("a checkpoint", store.append({ ...commit, advance }), { _tag: "CheckpointMoved" })
      yield* refuses("an invalid one", store.append({ ...commit, parts: [Log.part("", 1)] }), {
        reason: "Invalid"
      })
      yield* equal(
        "a check",
        (yield* store.append({ ...commit, parts: [Log.part(stream, 0)] })).duplicate,
        false
      )
      const written = yield* store.append({ ...commit, request: "at last", parts: [Log.part(stream, 1)] })
      yield* equal("then", [written.duplicate, written.events.map(({ version }) => version)], [false, [1]])
      yield* refuses("the first request", store.append(conflict), { _tag: "CommandIdReused" })
    })
  )
]
