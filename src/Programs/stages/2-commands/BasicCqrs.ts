/** Stage 2: the same table, with one side that takes commands and one that answers queries. */
import * as Effect from "effect/Effect"
import { explain, say, section } from "../../Terminal.ts"
import * as Repository from "../1-table/Repository.ts"
import * as Sqlite from "../1-table/Sqlite.ts"
import * as Changes from "../Changes.ts"
import type { Folder } from "../Folder.ts"
import type { Stage } from "../Stage.ts"
import { Command } from "./Commands.ts"
import * as Dtos from "./Dtos.ts"
import * as Later from "./Later.ts"
import * as Reads from "./Reads.ts"
import * as Rejections from "./Rejections.ts"
import * as Shop from "./Shop.ts"

const story = Effect.gen(function* () {
  yield* Changes.tell(stage)
  const shop = yield* Shop.open("shop.db")
  yield* section("The same table, and a shape for each reader")
  yield* Reads.tellFields(shop)
  yield* say("What is not in the DTO cannot be sent; nobody has to remember it.")
  yield* section("Commands are values")
  const outcomes = yield* Later.logged(shop, Shop.day)
  yield* say("Each is written to a file before it is handled:")
  yield* Later.tellDay(Shop.day, outcomes)
  yield* Later.handledLater(shop, outcomes)
  yield* Reads.writeNothing(shop)
  yield* Reads.oneTable(shop)
  yield* moreNames(shop)
})

const glimpse = Effect.gen(function* () {
  const shop = yield* Shop.open("shop.db")
  yield* say("Commands are values, which can be logged, kept, sent and refused:")
  yield* Later.tellDay(Shop.day, yield* Later.logged(shop, Shop.day))
  yield* Reads.tellFields(shop)
})

/** Commands and queries. */
export const stage: Stage<Sqlite.Failed, Folder> = {
  number: 2,
  title: "Commands and queries (basic CQRS)",
  changed: [
    "the repository: now two, a handler of commands and a handler of queries",
    "a write: a value with a name, which can be logged, kept, sent and refused",
    "an answer: a DTO in the place of a row; to be looked at is a command",
    "the table: as it was"
  ],
  solved: "Rows do not leak, reads do not write, and what somebody has asked for can be kept.",
  cost: "There are more names; and both sides still share one table and its pages.",
  need: "Whoever wants clear boundaries and tests: most systems.",
  tell: Effect.scoped(Sqlite.orFailed(story)),
  glimpse: Effect.scoped(Sqlite.orFailed(glimpse))
}

// internal

const moreNames = ({ queries, sql }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("What it costs")
    const before = Object.keys(Repository.make(sql)).length
    const now = [
      ["commands", Command.members.length],
      ["rejections", Object.keys(Rejections).length],
      ["queries", Object.keys(queries).length],
      ["DTOs", Object.keys(Dtos).length]
    ] as const
    const sum = now.reduce((sum, [, names]) => sum + names, 0)
    const list = now.map(([what, names]) => `${names} ${what}`).join(", ")
    yield* explain(
      "Names:",
      `${list}. Together ${sum}, in the place of ${before} operations of a repository.`
    )
  })
