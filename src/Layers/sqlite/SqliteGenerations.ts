/** The builds of projections in a read database in SQLite: who may write to them, and which one readers see. */
import * as Either from "effect/Either"
import type * as Projection from "../../Domain/Projection.ts"
import { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch, Builds, Claim, Generation } from "../../Services/ProjectionStore.ts"
import type { Session } from "./SqliteSession.ts"

/** The generations of a claim, for its epoch alone from now on; a first one when there is none. */
export const claim = (session: Session, claim: Claim): Either.Either<Builds, CheckpointMoved> =>
  Either.map(fence(session, claim, "this version"), () => {
    const { head, log, projection } = claim
    session.values(`update generations set goal = ? where ${mine} and state = 'building' and goal is null`, [
      head,
      projection.name,
      projection.version,
      log
    ])
    const [found, next] = underway(session, claim)
    const current = found ?? start(session, { ...claim, goal: head })
    return { current: changeOver(session, projection, current), next }
  })

/** Starts a generation in the place of the unfinished ones, which are no longer needed. */
export const begin = (session: Session, projection: Projection.Any, log: string, head = Infinity) => {
  const { name, version } = projection
  if (head < Infinity) {
    session.values(`update generations set log = '' where ${mine} and position > ?`, [
      name,
      version,
      log,
      head
    ])
  }
  const [before] = session.values(
    `select coalesce(max(epoch), 0),
        case when max(state = 'serving') then 0 else max(case state when 'building' then goal end) end
      from generations where ${mine}`,
    [name, version, log]
  )
  const unfinished = session.values(
    `update generations set state = 'former'
      where projection = ? and version = ? and state = 'building' returning generation`,
    [name, version]
  )
  const [epoch, goal] = before ?? []
  return {
    abandoned: unfinished.map(([generation]) => Number(generation)),
    begun: start(session, { projection, log, epoch: Number(epoch), goal: goal ?? null })
  }
}

/** Refuses an epoch before one that was here, and has earlier ones refused from now on. */
export const fence = (
  session: Session,
  { epoch, log, projection: { name, version } }: Claim,
  versions: "this version" | "every version"
): Either.Either<void, CheckpointMoved> => {
  const [among, params] =
    versions === "this version" ? [mine, [name, version, log]] : ["projection = ? and log = ?", [name, log]]
  const [later] = session.values(
    `select position, epoch from generations where ${among} and epoch > ? order by generation limit 1`,
    [...params, epoch]
  )
  if (later !== undefined) return moved(name, later)
  session.values(`update generations set epoch = ? where ${among}`, [epoch, ...params])
  return Either.void
}

/** What is worked on: the generation that readers see, then the one that is being built. */
export const underway = (session: Session, { log, projection }: Claim): ReadonlyArray<Generation> =>
  session
    .values(
      `select ${columns} from generations where ${mine} and state <> 'former' order by state = 'building'`,
      [projection.name, projection.version, log]
    )
    .map(generationOf)

/** A generation at position 0 that no reader sees. Without a goal, the next claim sets it. */
export const start = (
  session: Session,
  { epoch, goal, log, projection: { name, shape, version } }: Omit<Claim, "head"> & { readonly goal: unknown }
): Generation => {
  const [row = []] = session.values(
    `insert into generations (projection, version, log, shape, state, epoch, goal, position, recorded_at)
      values (?, ?, ?, ?, 'building', ?, ?, 0, 0) returning ${columns}`,
    [name, version, log, shape, epoch, goal]
  )
  return generationOf(row)
}

/** Moves the position of a generation, if it still is where the batch begins and nobody of a later epoch was here. */
export const advance = (
  session: Session,
  { epoch, from, generation, projection, time, to }: Omit<Batch, "changes">
): Either.Either<Generation, CheckpointMoved> => {
  const [row] = session.values(
    `update generations set position = ?, recorded_at = ?
      where generation = ? and position = ? and epoch <= ? and state <> 'former' returning ${columns}`,
    [to, time, generation, from, epoch]
  )
  if (row !== undefined) return Either.right(generationOf(row))
  const [[last = 0] = []] = session.values("select epoch from generations where generation = ?", [generation])
  return moved(projection.name, [from, last])
}

/** Lets readers see a generation if it has reached its goal and is not behind what they see of the same log. */
export const changeOver = (session: Session, projection: Projection.Any, build: Generation): Generation => {
  if (build.serving) return build
  const [due] = session.values(
    `select 1 from generations build where generation = ? and position >= goal and not exists (
      select 1 from generations served
        where served.projection = build.projection and served.version = build.version
          and served.log = build.log and served.state = 'serving' and served.position > build.position)`,
    [build.generation]
  )
  return due === undefined ? build : serve(session, projection, build.generation)
}

/** Lets readers see a generation. Whatever was begun before it is former now: what they saw, and what others left. */
export const serve = (
  session: Session,
  { name, version }: Projection.Any,
  generation: number
): Generation => {
  session.values(
    `update generations set state = 'former'
      where projection = ? and version = ? and generation < ?`,
    [name, version, generation]
  )
  const [row = []] = session.values(
    `update generations set state = 'serving' where generation = ? returning ${columns}`,
    [generation]
  )
  return generationOf(row)
}

// internal

const mine = "projection = ? and version = ? and log = ?"

const columns = "generation, position, recorded_at, state = 'serving'"

const generationOf = ([generation, position, time, serving]: ReadonlyArray<unknown>): Generation => ({
  generation: Number(generation),
  position: Number(position),
  time: Number(time),
  serving: serving === 1
})

const moved = (subscriber: string, [expected, epoch]: ReadonlyArray<unknown>) =>
  Either.left(new CheckpointMoved({ subscriber, expected: Number(expected), epoch: Number(epoch) }))
