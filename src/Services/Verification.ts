/** Whether a log is what it should be: every event of it, what stands around them, and the store's own checks. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Aggregate from "../Domain/Aggregate.ts"
import type { Found } from "../Domain/Continuity.ts"
import type { Codecs, Fault, Problem, Walk } from "../Domain/Soundness.ts"
import * as Soundness from "../Domain/Soundness.ts"
import type { StoreError } from "./StoreError.ts"

/** A log, laid open. Nothing is hidden or refused because it is wrong. */
export interface Evidence {
  /** The next events after a position, in the order of their positions, few at a time; none after the last. */
  readonly events: (after: number) => Effect.Effect<ReadonlyArray<Found>, StoreError>
  /** How far each subscriber has got whose checkpoint lives in the log's database. */
  readonly checkpoints: Effect.Effect<ReadonlyMap<string, number>, StoreError>
  /** What is wrong with whatever holds the events: files, indexes, triggers. At most a page of them. */
  readonly faults: Effect.Effect<ReadonlyArray<Fault>, StoreError>
}

/** The port of whoever looks after a log. */
export class Verification extends Context.Tag("everfold/Verification")<
  Verification,
  {
    /** Lays the log open for as long as the scope is. Nothing is written, and appends go on. */
    readonly open: Effect.Effect<Evidence, StoreError, Scope.Scope>
  }
>() {}

/** What was looked at, and what was found. */
export interface Report {
  /** How many events were looked at: all, or as many as come before the first that is wrong, and that one. */
  readonly events: number
  readonly streams: number
  /** How many of the events were decoded; of the others only the JSON was read. */
  readonly decoded: number
  readonly checkpoints: number
  /** Empty when nothing is wrong. Of the events only the first that is wrong is here, and it stands first. */
  readonly problems: ReadonlyArray<Problem>
}

/** Whose events are decoded; default: nobody's. */
export interface Options {
  readonly aggregates?: ReadonlyArray<Aggregate.Any>
}

/**
 * Looks at the whole log, a page at a time, while it is in use: positions, versions, times, commits, texts,
 * checkpoints, and what only the store can check, such as checksums. What is wrong is reported; it fails only
 * when the log cannot be looked at.
 *
 * What nobody can see: that the newest events are missing, together with all that knew of them.
 *
 * @example
 * const { problems } = yield* Verification.verify({ aggregates: [Account] })
 * yield* Effect.forEach(problems, (problem) => Console.log(Soundness.describe(problem)))
 */
export const verify = ({ aggregates = [] }: Options = {}): Effect.Effect<Report, StoreError, Verification> =>
  Effect.gen(function* () {
    const evidence = yield* Effect.flatMap(Verification, ({ open }) => open)
    // Before the events, because both grow.
    const checkpoints = yield* observed("the checkpoints", evidence.checkpoints)
    const walk = yield* walkThrough(evidence, new Map(aggregates.map(({ codec, name }) => [name, codec])))
    const faults = yield* observed("the store", evidence.faults)
    return {
      events: walk.events,
      streams: walk.streams,
      decoded: walk.decoded,
      checkpoints: checkpoints.value?.size ?? 0,
      problems: [
        ...(walk.problem === undefined ? ahead(checkpoints.value ?? new Map(), walk.events) : [walk.problem]),
        ...checkpoints.problems,
        ...faults.problems,
        ...(faults.value ?? []).map((fault) => ({ ...fault, event: undefined }))
      ]
    }
  }).pipe(Effect.scoped, Effect.withSpan("Verification.verify"))

// internal

const walkThrough = ({ events }: Evidence, codecs: Codecs): Effect.Effect<Walk, StoreError> =>
  Effect.gen(function* () {
    let walk = Soundness.start
    while (walk.problem === undefined) {
      const after = walk.last?.position
      const page = yield* observed(`what follows position ${after ?? 0}`, events(after ?? -Infinity))
      if (page.value === undefined) return { ...walk, problem: page.problems[0] }
      if (page.value.length === 0) return walk
      walk = Soundness.visit(walk, page.value, codecs)
    }
    return walk
  })

interface Observed<A> {
  /** Absent when there is a problem. */
  readonly value: A | undefined
  readonly problems: ReadonlyArray<Problem>
}

/** That a store is damaged, or not built as it should be, is what was to be found. */
const observed = <A>(
  what: string,
  effect: Effect.Effect<A, StoreError>
): Effect.Effect<Observed<A>, StoreError> =>
  Effect.map(effect, (value): Observed<A> => ({ value, problems: [] })).pipe(
    Effect.catchIf(
      ({ reason }) => reason === "Corrupt" || reason === "Invalid",
      ({ message }) =>
        Effect.succeed({
          value: undefined,
          problems: [Soundness.damaged(`${what} cannot be read: ${message}`)]
        })
    )
  )

const ahead = (checkpoints: ReadonlyMap<string, number>, head: number): ReadonlyArray<Problem> =>
  [...checkpoints]
    .filter(([, position]) => position < 0 || position > head)
    .map(([subscriber, position]) => ({
      reason: "Ahead",
      event: undefined,
      details: `the checkpoint of "${subscriber}" is at ${position}; the log ends at ${head}`
    }))
