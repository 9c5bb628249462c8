/**
 * The sessions of a subscriber under its lease: each reads the checkpoint and goes along the log from there. Whenever
 * somebody else has moved the checkpoint, another one begins.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { CheckpointMoved } from "../Domain/Commit.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as Failure from "./Failure.ts"
import type { Session } from "./Handler.ts"
import * as Loop from "./Loop.ts"
import * as Patience from "./Patience.ts"

/** What sessions work with. */
export interface Options extends Loop.Options {
  /** Of the lease under which it works. */
  readonly epoch: number
  /** Told as soon as the checkpoint was asked for, whatever the answer. */
  readonly begun: Effect.Effect<void>
  /** Asks who has the lease: somebody else has moved the checkpoint. */
  readonly moved: Effect.Effect<void>
  /** Asks whether the lease is still ours, under the same epoch: then nobody has been given a later one. */
  readonly isOurs: Effect.Effect<boolean, StoreError.StoreError>
  /** Tells everybody that it has ended. */
  readonly halt: (cause: Cause.Cause<Failure.Failure>) => Effect.Effect<void>
}

/** Works, session after session, until it halts. */
export const run = (options: Options): Effect.Effect<void> =>
  Effect.repeat(session(options), { while: (again) => again }).pipe(Effect.asVoid)

// internal

/** One session; says whether there is to be another one. */
const session = (options: Options): Effect.Effect<boolean> => {
  const { halt, moved, subscription } = options
  const again = (cause: Cause.Cause<Failure.Failure>) =>
    hasMoved(cause) ? Effect.as(moved, true) : Effect.as(halt(cause), false)
  return Effect.gen(function* () {
    yield* subscription.update(() => ({ status: "CatchingUp", error: undefined, building: undefined }))
    const opened = yield* open(options)
    const loop = Effect.catchAllCause(Loop.run(options, opened), again)
    return yield* opened.beside === undefined ? loop : besides(loop, opened.beside, options)
  }).pipe(Effect.catchAllCause(again))
}

/** Claims the checkpoint; one that lies beyond the end of the log belongs to another. */
const open = (options: Options): Effect.Effect<Session, Failure.Failure> =>
  Effect.gen(function* () {
    const { log, subscription } = options
    const opened = yield* claim(options)
    const head = yield* Patience.persistently(subscription)(log.head)
    return opened.position > head
      ? yield* foreign(`is at ${opened.position}, the log ends at ${head}`, moveIt)
      : opened
  })

/**
 * Asks for the checkpoint. Claimed under a later epoch although the lease is ours, it has one that this log has not
 * given: the log was put back from a copy, and has forgotten the later ones. A former owner may still have moved it.
 */
const claim = (options: Options): Effect.Effect<Session, Failure.Failure> => {
  const { begun, epoch, handler, isOurs, subscription } = options
  const asked = Effect.ensuring(handler.open(epoch, subscription), begun)
  const anew = Effect.zipRight(handler.disown ?? Effect.void, asked)
  const orElse = (first: typeof asked, then: typeof asked) =>
    Effect.catchTag(Patience.persistently(subscription)(first), "CheckpointMoved", (moved) =>
      moved.epoch > epoch
        ? Effect.flatMap(isOurs, (ours) => (ours ? then : Effect.fail(moved)))
        : Effect.fail(moved)
    )
  const unknown = foreign("was claimed under a later epoch than this log has given")
  return orElse(asked, orElse(anew, unknown))
}

const foreign = (details: string, cure = "") =>
  StoreError.make(
    "ForeignCheckpoint",
    `the checkpoint ${details}: it belongs to another log. Bring that log back${cure}`
  )

const moveIt = ", or move the subscriber to where it is to go on"

const hasMoved = (cause: Cause.Cause<Failure.Failure>): boolean =>
  Option.exists(Cause.failureOption(cause), (error) => error instanceof CheckpointMoved)

/** What is done beside the loop goes on when the loop has halted: it may be the cure. */
const besides = (loop: Effect.Effect<boolean>, beside: Beside, options: Options) =>
  Effect.scoped(
    Effect.gen(function* () {
      const built = yield* Effect.forkScoped(build(beside, options))
      const finished = Effect.flatMap(Fiber.join(built), (done) =>
        done ? Effect.succeed(true) : Effect.never
      )
      const ended = Effect.flatMap(loop, (again) => (again ? Effect.succeed(true) : Fiber.join(built)))
      return yield* Effect.raceFirst(ended, finished)
    })
  )

type Beside = NonNullable<Session["beside"]>

/** Says whether there is to be another session. What the status says is about the loop. */
const build = (beside: Beside, { handler, moved, subscription }: Options) =>
  Patience.persisting(beside).pipe(
    Effect.as(true),
    Effect.catchAllCause((cause) => {
      if (hasMoved(cause)) return Effect.as(moved, true)
      const error = Failure.oneLine(Cause.squash(cause))
      return Effect.logError(`"${handler.name}" could not be rebuilt: ${error}`).pipe(
        Effect.zipRight(
          subscription.update(({ building, errors }) => ({
            errors: errors + 1,
            ...(building && { building: { ...building, error } })
          }))
        ),
        Effect.as(false)
      )
    })
  )
