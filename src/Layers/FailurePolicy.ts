/** What becomes of an event that a reaction could not deal with: tried again for a while, then set aside, or the end. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleIntervals from "effect/ScheduleIntervals"
import { backoff } from "./Retrying.ts"

/** A failure policy. */
export interface FailurePolicy {
  /** Whether a failure may pass by itself. Never asked about defects, and about events that do not decode. */
  readonly isTransient: (error: unknown) => boolean
  /**
   * When such an event is tried again, and how often. The attempts are counted across restarts. Meanwhile all that comes
   * behind the event waits, whatever its stream.
   */
  readonly retry: Schedule.Schedule<unknown, unknown>
  /** How long one attempt may take; taking longer is a failure that may pass. */
  readonly timeout: Duration.DurationInput
  /**
   * What is done at last: the event and the later ones of its stream are set aside, in order, while others go on;
   * or the subscriber halts.
   */
  readonly finally: "Park" | "Halt"
  /** So many events are set aside at most; then the subscriber halts too. */
  readonly most: number
}

/** The same for what is decided and not done: that takes no time. */
export type Untimed = Omit<FailurePolicy, "timeout">

/** Eight attempts within about a minute, 30 seconds each, then set aside; at most 10,000. */
export const standard: FailurePolicy = {
  isTransient: () => true,
  retry: Schedule.intersect(backoff("500 millis", "30 seconds"), Schedule.recurs(7)),
  timeout: "30 seconds",
  finally: "Park",
  most: 10_000
}

/** Of reactions and processes: one attempt, because deciding again comes to the same. */
export const decisions: Untimed = { ...standard, isTransient: () => false }

/** An attempt took longer than the policy allows. */
export class TimedOut extends Data.TaggedError("TimedOut")<{ readonly message: string }> {}

/** Gives an attempt so much time. */
export const within =
  (timeout: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | TimedOut, R> =>
    Effect.timeoutFail(effect, {
      duration: timeout,
      onTimeout: () => new TimedOut({ message: `took longer than ${Duration.format(timeout)}` })
    })

/** How long to wait after so many attempts, in milliseconds; none when there are to be no more. */
export const delayAfter = (
  policy: Untimed,
  cause: Cause.Cause<unknown>,
  attempts: number
): Effect.Effect<Option.Option<number>> =>
  Option.exists(Cause.failureOption(cause), policy.isTransient) ? delay(policy.retry, attempts) : none

// internal

const none = Effect.succeed(Option.none<number>())

/** A schedule knows nothing of an earlier life: it is led as far as it was. */
const delay = (schedule: FailurePolicy["retry"], attempts: number) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    let state = schedule.initial
    let start = now
    for (let attempt = 0; attempt < attempts; attempt++) {
      const [next, , decision] = yield* schedule.step(now, undefined, state)
      if (ScheduleDecision.isDone(decision)) return Option.none<number>()
      state = next
      start = ScheduleIntervals.start(decision.intervals)
    }
    return Option.some(Math.max(0, start - now))
  })
