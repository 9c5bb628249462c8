/** The builds of projections in memory: who may write to them, and which one readers see. */
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch, Builds, Claim, Generation } from "../../Services/ProjectionStore.ts"
import { Rebuilding } from "../../Services/ReadModel.ts"

/** A row, and what a search for it looks through. */
export interface Kept {
  readonly row: Projection.JsonRow
  readonly search: string
}

/** A generation and its rows. */
export interface Build {
  readonly generation: number
  readonly projection: string
  readonly version: number
  readonly shape: string
  log: string
  readonly rows: Map<string, Kept>
  state: "building" | "serving" | "former"
  epoch: number
  /** Unknown until somebody claims it. */
  goal: number | undefined
  position: number
  time: number
}

/** All generations of all projections. */
export const make = () => {
  const builds = new Map<number, Build>()
  let last = 0

  const all = (projection: Projection.Any, log?: string) =>
    [...builds.values()].filter((one) => isOf(one, projection) && (log === undefined || one.log === log))

  const start = (
    { log, projection: { name, shape, version } }: Pick<Claim, "log" | "projection">,
    epoch: number,
    goal: number | undefined
  ): Build => {
    const build: Build = {
      generation: ++last,
      projection: name,
      version,
      shape,
      log,
      rows: new Map(),
      state: "building",
      epoch,
      goal,
      position: 0,
      time: 0
    }
    builds.set(build.generation, build)
    return build
  }

  const changeOver = (build: Build, projection: Projection.Any): Build => {
    const { generation, goal, log, position } = build
    if (!isBuilding(build) || goal === undefined || position < goal) return build
    const served = all(projection, log).find(isServing)
    if (served !== undefined && position < served.position) return build
    // Whatever was begun before it: what readers saw, and what others left.
    for (const one of all(projection)) if (one.generation < generation) one.state = "former"
    build.state = "serving"
    return build
  }

  const claim = (claim: Claim): Effect.Effect<Builds, CheckpointMoved> => {
    const { epoch, head, log, projection } = claim
    const mine = all(projection, log)
    const later = mine.find((one) => one.epoch > epoch)
    if (later !== undefined) return Effect.fail(moved(projection, later.position))
    for (const one of mine) one.epoch = epoch
    const building = mine.find(isBuilding)
    if (building !== undefined) building.goal ??= head
    const serving = mine.find(isServing)
    const current = serving ?? changeOver(building ?? start(claim, epoch, head), projection)
    const next = serving && building
    return Effect.succeed({ current: reached(current), next: next && reached(next) })
  }

  const begin = (projection: Projection.Any, log: string, head = Infinity): Generation => {
    for (const one of all(projection, log)) if (one.position > head) one.log = ""
    const mine = all(projection, log)
    const epoch = Math.max(0, ...mine.map((one) => one.epoch))
    const goal = mine.some(isServing) ? 0 : mine.find(isBuilding)?.goal
    for (const { generation } of all(projection).filter(isBuilding)) builds.delete(generation)
    return reached(start({ projection, log }, epoch, goal))
  }

  const write = ({ changes, epoch, from, generation, projection, time, to }: Batch) => {
    const build = builds.get(generation)
    const mayWrite = build?.position === from && build.epoch <= epoch && build.state !== "former"
    if (!mayWrite) return Effect.fail(moved(projection, from))
    for (const { key, row } of changes) {
      if (row === undefined) build.rows.delete(key)
      else build.rows.set(key, { row: asStored(row), search: Text.searchable(projection.search, row) })
    }
    build.position = to
    build.time = time
    return Effect.succeed(reached(changeOver(build, projection)))
  }

  const prune = ({ name, version }: Projection.Any): number => {
    const named = [...builds.values()].filter(({ projection }) => projection === name)
    const highest = Math.max(...named.filter(isServing).map((one) => one.version))
    const doomed = named.filter(
      (one) => one.state === "former" || (one.version < version && (isBuilding(one) || one.version < highest))
    )
    for (const { generation } of doomed) builds.delete(generation)
    return doomed.length
  }

  /** The generation that readers see. */
  const shown = (projection: Projection.Any): Effect.Effect<Build, Rebuilding> => {
    const { name, shape } = projection
    const serving = [...builds.values()].filter((one) => one.projection === name && isServing(one))
    const own = serving.find((one) => isOf(one, projection))
    const seen = own ?? serving.findLast((one) => one.shape === shape)
    if (seen !== undefined) return Effect.succeed(seen)
    const { goal = 0, position = 0 } = all(projection).findLast(isBuilding) ?? {}
    return Effect.fail(new Rebuilding({ projection: name, position, goal }))
  }

  const rows = (generation: number): ReadonlyMap<string, Kept> => builds.get(generation)?.rows ?? new Map()

  return { claim, begin, write, prune, rows, shown }
}

// internal

const isOf = (build: Build, { name, version }: Projection.Any) =>
  build.projection === name && build.version === version

const isServing = ({ state }: Build) => state === "serving"

const isBuilding = ({ state }: Build) => state === "building"

const reached = (build: Build): Generation => ({
  generation: build.generation,
  position: build.position,
  time: build.time,
  serving: isServing(build)
})

const moved = ({ name }: Projection.Any, expected: number) =>
  new CheckpointMoved({ subscriber: name, expected })

/** What a row is once it was JSON: a copy, without what JSON cannot say. */
const asStored = (row: Projection.JsonRow): Projection.JsonRow => JSON.parse(JSON.stringify(row))
