/** The last one, two tills, and two orders at the same time: only one of them may be told that it has it. */
import type { Aggregate, Append, CommandHandler, Commit, StoreError } from "everfold"
import { EventStore, LogCommandHandler } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type { Stock } from "../../Domain/Allocation/Stock.ts"
import { say, section, table } from "../Terminal.ts"
import * as Warehouse from "./Warehouse.ts"

/** Lets both tills decide before one of them may write. */
export const tell = Effect.gen(function* () {
  yield* section("Two tills, and one vase")
  yield* Warehouse.create("VASE", "shelf", 1)
  const begun = yield* Effect.makeLatch()
  const decided = yield* Effect.makeLatch()
  const written = yield* Effect.makeLatch()
  const steps: Array<ReadonlyArray<string>> = []
  const first = till("till 1", steps, Effect.zipRight(begun.open, decided.await))
  const second = till("till 2", steps, Effect.zipRight(decided.open, written.await))
  const joe = Warehouse.allocate("VASE", ["joe", 1]).pipe(Effect.provide(first), Effect.zipLeft(written.open))
  const kim = Effect.zipRight(begun.await, Effect.provide(Warehouse.allocate("VASE", ["kim", 1]), second))
  const receipts = yield* Effect.all([joe, kim], { concurrency: 2 })
  yield* say("Joe and Kim want it at the same time. Each till has seen that there is one:")
  yield* table(steps.map((columns) => ["", ...columns]))
  const [toJoe, toKim] = receipts.map(tags)
  yield* say(
    `Joe's receipt says ${toJoe}, Kim's says ${toKim}. Nothing was locked: a`,
    "commit names the version that it was decided on, and the log takes it at that",
    "version or not at all. Then the till looks again."
  )
})

// internal

/** Commands on the log of this program, with a memory of their own; notes what is asked of the log, and its answer. */
const till = (name: string, steps: Array<ReadonlyArray<string>>, ready: Effect.Effect<unknown>) =>
  Layer.fresh(LogCommandHandler.layer).pipe(
    Layer.provide(
      Layer.effect(
        EventStore.EventStore,
        Effect.map(EventStore.EventStore, (log) => ({
          ...log,
          append: (commit, queued) =>
            Effect.gen(function* () {
              steps.push([name, "decides", types(commit)])
              yield* ready
              const answer = yield* Effect.either(log.append(commit, queued))
              steps.push([name, "the log says", Either.isLeft(answer) ? refusal(answer.left) : "written"])
              return yield* answer
            })
        }))
      )
    )
  )

const refusal = (error: Append.Refusal | StoreError.StoreError): string =>
  error._tag === "VersionConflict" ? `VersionConflict, it is at version ${error.actual}` : error.message

const types = ({ parts }: Commit.Commit): string =>
  parts.flatMap(({ events }) => events.map(({ type }) => type)).join(", ")

const tags = ({ events }: CommandHandler.Receipt<Aggregate.Event<typeof Stock>>): string =>
  events.map(({ event }) => event._tag).join(", ")
