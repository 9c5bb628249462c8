/** What was promised to whoever asked, and what became of it. */
import { StoreError } from "everfold"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { isDeepStrictEqual } from "node:util"
import * as Files from "./Files.ts"
import type { Call } from "./Operations.ts"
import type { Struck, Trouble } from "./Trouble.ts"

/** How a call has ended. */
export type Answer = Exit.Exit<unknown, unknown>

/** `done`, when it has said what it says without trouble, or else the reason why it could not. */
export const outcome = (answer: Answer): string => {
  if (Exit.isSuccess(answer)) return "done"
  const error = failure(answer)
  if (error instanceof StoreError.StoreError) return error.reason
  // A refusal is an answer.
  return Exit.isFailure(answer) && Cause.isFailure(answer.cause) ? "done" : "defect"
}

/** Answers that are not what the trouble allows for. */
export const wrong = (
  answers: ReadonlyArray<Answer>,
  { complaint, manner }: Trouble,
  struck: Struck | undefined
): ReadonlyArray<string> =>
  answers.flatMap((answer) => {
    const is = outcome(answer)
    const inCommit = struck?.sql === "COMMIT" && complaint.reason === "Unavailable"
    const allowed = ["done", complaint.reason, ...(inCommit ? ["OutcomeUnknown"] : [])]
    if (struck === undefined) return is === "done" ? [] : [`without any trouble: ${shown(answer)}`]
    if (!allowed.includes(is)) return [`should be one of ${allowed.join(", ")}: ${shown(answer)}`]
    // A thread has waited before it says so, and nobody else can hold a database in memory.
    const waits = !struck.inside && !["thread", ":memory:"].includes(struck.file)
    if (is !== "done" && complaint.reason === "Busy" && !manner.lasting && waits) {
      return [`should have been waited for: ${shown(answer)}`]
    }
    if (is !== "done" && !manner.lasting && /(from|into) snapshots/.test(struck.sql)) {
      return [`failed because of a snapshot: ${shown(answer)}`]
    }
    return []
  })

/** Commits that are in the log, or not, although their callers were told otherwise. */
export const untold = (
  calls: ReadonlyArray<Call>,
  answers: ReadonlyArray<Answer>,
  directory: string,
  before: ReadonlySet<string>
): ReadonlyArray<string> => {
  const log = Files.log(directory)
  return calls.flatMap(({ commit, events = 0 }, index) => {
    const answer = answers[index]
    if (commit === undefined || answer === undefined || before.has(commit)) return []
    const written = log.filter((stored) => Files.commitOf(stored) === commit).length
    const is = outcome(answer)
    if (written > 0 && written !== events) return [`${commit} has ${written} of its ${events} events`]
    if (is === "done" && written !== events) return [`${commit} was answered and is not there`]
    if (is !== "done" && is !== "OutcomeUnknown" && written > 0) {
      return [`${commit} is there, and its caller was told: ${shown(answer)}`]
    }
    return []
  })
}

/** What was answered the first time, and answered otherwise when it was asked again. */
export const changed = (first: ReadonlyArray<Answer>, again: ReadonlyArray<Answer>): ReadonlyArray<string> =>
  again.flatMap((answer, index) => {
    const earlier = first[index]
    if (outcome(answer) !== "done") return [`asked again: ${shown(answer)}`]
    if (earlier === undefined || outcome(earlier) !== "done") return []
    return isDeepStrictEqual(content(earlier), content(answer))
      ? []
      : [`asked again: ${shown(answer)} instead of ${shown(earlier)}`]
  })

const failure = (answer: Answer): unknown =>
  Exit.isFailure(answer) ? Option.getOrUndefined(Cause.failureOption(answer.cause)) : undefined

/** Whether it was asked before is no part of an answer; and a refusal speaks of the newest state. */
const content = (answer: Answer): unknown => {
  if (Exit.isFailure(answer)) return failure(answer)?.constructor
  const { value } = answer
  return typeof value === "object" && value !== null && "duplicate" in value
    ? { ...value, duplicate: true }
    : value
}

/** An answer in a line, or a defect with where it comes from. */
export const shown = (answer: Answer): string =>
  Exit.isSuccess(answer)
    ? (JSON.stringify(answer.value) ?? "nothing").slice(0, 300)
    : Cause.isFailure(answer.cause)
      ? String(Cause.squash(answer.cause))
      : Cause.pretty(answer.cause)
