/** The builds of projections in memory: who may write to them, and which one readers see. */
import * as Either from "effect/Either"
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

/** All generations of all projections, by their numbers; only the functions of this module write to them. */
export interface Generations {
  readonly builds: Map<number, Build>
  last: number
}

/** No generation yet. */
export const empty = (): Generations => ({ builds: new Map(), last: 0 })

/** The generations of a claim, for its epoch alone from now on; a first one when there is none. */
export const claim = (all: Generations, claim: Claim): Either.Either<Builds, CheckpointMoved> => {
  const { epoch, head, log, projection } = claim
  const mine = of(all, projection, log)
  const later = mine.find((one) => one.epoch > epoch)
  if (later !== undefined) return moved(projection, later.position, later.epoch)
  for (const one of mine) one.epoch = epoch
  const building = mine.find(isBuilding)
  if (building !== undefined) building.goal ??= head
  const serving = mine.find(isServing)
  const current = serving ?? changeOver(all, projection, building ?? start(all, { ...claim, goal: head }))
  const next = serving && building
  return Either.right({ current: reached(current), next: next && reached(next) })
}

/** Starts a generation in the place of the unfinished ones, which are removed. */
export const begin = (
  all: Generations,
  projection: Projection.Any,
  log: string,
  head = Infinity
): Generation => {
  for (const one of of(all, projection, log)) if (one.position > head) one.log = ""
  const mine = of(all, projection, log)
  const epoch = Math.max(0, ...mine.map((one) => one.epoch))
  const goal = mine.some(isServing) ? 0 : mine.find(isBuilding)?.goal
  for (const { generation } of of(all, projection).filter(isBuilding)) all.builds.delete(generation)
  return reached(start(all, { projection, log, epoch, goal }))
}

/** Changes the rows of a generation and moves its position, if it still is where the batch begins and the epoch allows it. */
export const write = (all: Generations, batch: Batch): Either.Either<Generation, CheckpointMoved> => {
  const { changes, epoch, from, generation, projection, time, to } = batch
  const build = all.builds.get(generation)
  const mayWrite = build?.position === from && build.epoch <= epoch && build.state !== "former"
  if (!mayWrite) return moved(projection, from, build?.epoch ?? 0)
  for (const { key, row } of changes) {
    if (row === undefined) build.rows.delete(key)
    else build.rows.set(key, { row: asStored(row), search: Text.searchable(projection.search, row) })
  }
  build.position = to
  build.time = time
  return Either.right(reached(changeOver(all, projection, build)))
}

/** Removes what no reader of this version or a later one needs; returns how many that were. */
export const prune = ({ builds }: Generations, { name, version }: Projection.Any): number => {
  const named = [...builds.values()].filter(({ projection }) => projection === name)
  const highest = Math.max(...named.filter(isServing).map((one) => one.version))
  const doomed = named.filter(
    (one) => one.state === "former" || (one.version < version && (isBuilding(one) || one.version < highest))
  )
  for (const { generation } of doomed) builds.delete(generation)
  return doomed.length
}

/** The generation that readers see. */
export const shown = (all: Generations, projection: Projection.Any): Either.Either<Build, Rebuilding> => {
  const { name, shape } = projection
  const serving = [...all.builds.values()].filter((one) => one.projection === name && isServing(one))
  const own = serving.find((one) => isOf(one, projection))
  const seen = own ?? serving.findLast((one) => one.shape === shape)
  if (seen !== undefined) return Either.right(seen)
  const { goal = 0, position = 0 } = of(all, projection).findLast(isBuilding) ?? {}
  return Either.left(new Rebuilding({ projection: name, position, goal }))
}

/** The rows of a generation. */
export const rows = ({ builds }: Generations, generation: number): ReadonlyMap<string, Kept> =>
  builds.get(generation)?.rows ?? new Map()

// internal

/** The generations of a version, from any log or from one. */
const of = ({ builds }: Generations, projection: Projection.Any, log?: string): ReadonlyArray<Build> =>
  [...builds.values()].filter((one) => isOf(one, projection) && (log === undefined || one.log === log))

/** A generation at position 0 that no reader sees. */
const start = (
  all: Generations,
  { epoch, goal, log, projection }: Omit<Claim, "head"> & { readonly goal: number | undefined }
): Build => {
  const build: Build = {
    generation: ++all.last,
    projection: projection.name,
    version: projection.version,
    shape: projection.shape,
    log,
    rows: new Map(),
    state: "building",
    epoch,
    goal,
    position: 0,
    time: 0
  }
  all.builds.set(build.generation, build)
  return build
}

/** Lets readers see a generation if it has reached its goal and is not behind what they see of the same log. */
const changeOver = (all: Generations, projection: Projection.Any, build: Build): Build => {
  const { generation, goal, log, position } = build
  if (!isBuilding(build) || goal === undefined || position < goal) return build
  const served = of(all, projection, log).find(isServing)
  if (served !== undefined && position < served.position) return build
  // Whatever was begun before it: what readers saw, and what others left.
  for (const one of of(all, projection)) if (one.generation < generation) one.state = "former"
  build.state = "serving"
  return build
}

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

const moved = ({ name }: Projection.Any, expected: number, epoch: number) =>
  Either.left(new CheckpointMoved({ subscriber: name, expected, epoch }))

/** What a row is once it was JSON: a copy, without what JSON cannot say. */
const asStored = (row: Projection.JsonRow): Projection.JsonRow => JSON.parse(JSON.stringify(row))
