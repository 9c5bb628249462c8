/** The builds of projections in a read database in SQLite: who may write to them, and which one readers see. */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch, Builds, Claim, Generation } from "../../Services/ProjectionStore.ts"

/** The generations of a claim, for its epoch alone from now on; a first one when there is none. */
export const claim = (
  connection: Connection,
  claim: Claim
): Effect.Effect<Builds, CheckpointMoved | SqlError> =>
  Effect.gen(function* () {
    const { head, log, projection } = claim
    yield* fence(connection, claim, "this version")
    yield* connection.executeRaw(
      `update generations set goal = ? where ${mine} and state = 'building' and goal is null`,
      [head, projection.name, projection.version, log]
    )
    const [found, next] = yield* underway(connection, claim)
    const current = found ?? (yield* start(connection, { ...claim, goal: head }))
    return { current: yield* changeOver(connection, projection, current), next }
  })

/** Starts a generation in the place of the unfinished ones, which are no longer needed. */
export const begin = (connection: Connection, projection: Projection.Any, log: string, head = Infinity) =>
  Effect.gen(function* () {
    const { name, version } = projection
    if (head < Infinity) {
      yield* connection.executeRaw(`update generations set log = '' where ${mine} and position > ?`, [
        name,
        version,
        log,
        head
      ])
    }
    const [before] = yield* connection.executeValues(
      `select coalesce(max(epoch), 0),
          case when max(state = 'serving') then 0 else max(case state when 'building' then goal end) end
        from generations where ${mine}`,
      [name, version, log]
    )
    const unfinished = yield* connection.executeValues(
      `update generations set state = 'former'
        where projection = ? and version = ? and state = 'building' returning generation`,
      [name, version]
    )
    const [epoch, goal] = before ?? []
    return {
      abandoned: unfinished.map(([generation]) => Number(generation)),
      begun: yield* start(connection, { projection, log, epoch: Number(epoch), goal: goal ?? null })
    }
  })

/** Refuses an epoch before one that was here, and has earlier ones refused from now on. */
export const fence = (
  connection: Connection,
  { epoch, log, projection: { name, version } }: Claim,
  versions: "this version" | "every version"
): Effect.Effect<void, CheckpointMoved | SqlError> =>
  Effect.gen(function* () {
    const [among, params] =
      versions === "this version" ? [mine, [name, version, log]] : ["projection = ? and log = ?", [name, log]]
    const [later] = yield* connection.executeValues(
      `select position from generations where ${among} and epoch > ? order by generation limit 1`,
      [...params, epoch]
    )
    if (later !== undefined) {
      return yield* new CheckpointMoved({ subscriber: name, expected: Number(later[0]) })
    }
    yield* connection.executeRaw(`update generations set epoch = ? where ${among}`, [epoch, ...params])
  })

/** What is worked on: the generation that readers see, then the one that is being built. */
export const underway = (connection: Connection, { log, projection }: Claim) =>
  Effect.map(
    connection.executeValues(
      `select ${columns} from generations where ${mine} and state <> 'former' order by state = 'building'`,
      [projection.name, projection.version, log]
    ),
    (rows) => rows.map(generationOf)
  )

/** A generation at position 0 that no reader sees. Without a goal, the next claim sets it. */
export const start = (
  connection: Connection,
  { epoch, goal, log, projection: { name, shape, version } }: Omit<Claim, "head"> & { readonly goal: unknown }
) =>
  Effect.map(
    connection.executeValues(
      `insert into generations (projection, version, log, shape, state, epoch, goal, position, recorded_at)
        values (?, ?, ?, ?, 'building', ?, ?, 0, 0) returning ${columns}`,
      [name, version, log, shape, epoch, goal]
    ),
    ([row = []]) => generationOf(row)
  )

/** Moves the position of a generation, if it still is where the batch begins and nobody of a later epoch was here. */
export const advance = (
  connection: Connection,
  { epoch, from, generation, projection, time, to }: Omit<Batch, "changes">
): Effect.Effect<Generation, CheckpointMoved | SqlError> =>
  Effect.flatMap(
    connection.executeValues(
      `update generations set position = ?, recorded_at = ?
        where generation = ? and position = ? and epoch <= ? and state <> 'former' returning ${columns}`,
      [to, time, generation, from, epoch]
    ),
    ([moved]) =>
      moved === undefined
        ? Effect.fail(new CheckpointMoved({ subscriber: projection.name, expected: from }))
        : Effect.succeed(generationOf(moved))
  )

/** Lets readers see a generation if it has reached its goal and is not behind what they see of the same log. */
export const changeOver = (connection: Connection, projection: Projection.Any, build: Generation) =>
  Effect.gen(function* () {
    if (build.serving) return build
    const [due] = yield* connection.executeValues(
      `select 1 from generations build where generation = ? and position >= goal and not exists (
        select 1 from generations served
          where served.projection = build.projection and served.version = build.version
            and served.log = build.log and served.state = 'serving' and served.position > build.position)`,
      [build.generation]
    )
    return due === undefined ? build : yield* serve(connection, projection, build.generation)
  })

/** Lets readers see a generation. Whatever was begun before it is former now: what they saw, and what others left. */
export const serve = (connection: Connection, { name, version }: Projection.Any, generation: number) =>
  Effect.gen(function* () {
    yield* connection.executeRaw(
      `update generations set state = 'former'
        where projection = ? and version = ? and generation < ?`,
      [name, version, generation]
    )
    const [row = []] = yield* connection.executeValues(
      `update generations set state = 'serving' where generation = ? returning ${columns}`,
      [generation]
    )
    return generationOf(row)
  })

// internal

const mine = "projection = ? and version = ? and log = ?"

const columns = "generation, position, recorded_at, state = 'serving'"

const generationOf = ([generation, position, time, serving]: ReadonlyArray<unknown>): Generation => ({
  generation: Number(generation),
  position: Number(position),
  time: Number(time),
  serving: serving === 1
})
