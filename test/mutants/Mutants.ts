/** Breaks each promise in a copy of the project, and sees who notices. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { heading } from "../faults/Report.ts"
import { timed } from "../faults/Round.ts"
import * as Copy from "./Copy.ts"
import type { Catcher, Mutant } from "./Mutant.ts"
import * as Vitest from "./Vitest.ts"

/** The tests that noticed, or why nobody did. */
export type Verdict =
  | { readonly _tag: "Caught"; readonly by: ReadonlyArray<string> }
  | { readonly _tag: "Escaped"; readonly why: string }

/** Tries mutants, two at a time, in the tests that must catch them; `tell` hears of each as soon as it is known. */
export const run = (
  mutants: ReadonlyArray<Mutant>,
  tell: (mutant: Mutant, verdict: Verdict, seconds: number) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<ReadonlyArray<Verdict>> =>
  Effect.gen(function* () {
    const healthy = yield* Copy.make()
    const catchers = mutants.flatMap(({ catchers }) => catchers)
    const files = new Set(catchers.map(({ file }) => file))
    const filters = catchers.flatMap(({ filter }) => filter ?? [])
    const all = filters.length < catchers.length
    const known = yield* Vitest.run(healthy, [...files], { filters: all ? [] : filters, bail: false })
    return yield* Effect.forEach(
      mutants,
      (mutant) =>
        timed(verdict(healthy, mutant, known)).pipe(
          Effect.tap(([verdict, seconds]) => tell(mutant, verdict, seconds)),
          Effect.map(([verdict]) => verdict)
        ),
      { concurrency: 2 }
    )
  }).pipe(Effect.scoped)

/** Tries mutants and prints who noticed; returns whether all were caught. */
export const main = (mutants: ReadonlyArray<Mutant>): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    yield* Console.log(
      `${heading("Mutants")}\n    promise    mutant, and the test that caught it${"seconds".padStart(29)}`
    )
    const verdicts = yield* run(mutants, (...result) => Console.log(row(...result)))
    return verdicts.length > 0 && verdicts.every(({ _tag }) => _tag === "Caught")
  })

// internal

const verdict = (
  healthy: string,
  { catchers, patch }: Mutant,
  known: Vitest.Results
): Effect.Effect<Verdict> =>
  Effect.gen(function* () {
    const folder = yield* Copy.make(healthy)
    yield* Effect.mapError(Copy.patch(folder, patch), (why) => `the patch does not apply: ${why}`)
    const by = yield* Effect.forEach(catchers, (catcher) => caught(folder, catcher, known))
    return { _tag: "Caught", by } as const
  }).pipe(
    Effect.scoped,
    Effect.timeoutFail({ duration: "2 minutes", onTimeout: () => "its tests do not end" }),
    Effect.merge,
    Effect.map((result) => (typeof result === "string" ? { _tag: "Escaped", why: result } : result))
  )

/** The test that noticed: one that passes without the patch and fails with it, because of what it checks. */
const caught = (
  folder: string,
  { file, filter }: Catcher,
  known: Vitest.Results
): Effect.Effect<string, string> =>
  Effect.gen(function* () {
    const named = known.tests.filter((test) => test.file === file && test.name.includes(filter ?? ""))
    const where = filter === undefined ? file : `${file} -t "${filter}"`
    if (named.length === 0)
      return yield* Effect.fail([`there is no test ${where}`, ...known.broken].join("\n"))
    const failing = named.find(({ passed }) => !passed)
    if (failing !== undefined) return yield* Effect.fail(`fails without the patch as well: ${failing.title}`)
    const { broken, tests } = yield* Vitest.run(folder, [file], {
      filters: filter === undefined ? [] : [filter],
      bail: true
    })
    const failed = tests.filter(({ name, passed }) => !passed && named.some((test) => test.name === name))
    const noticed = failed.find(({ message }) => !isNoCheck(message))
    if (noticed !== undefined) return noticed.title
    const [why = `nobody noticed in ${where}`] = [...failed.map(({ message }) => message), ...broken]
    return yield* Effect.fail(why)
  })

/**
 * A program that is wrong as a program, and a test that waited in vain, have checked nothing. STACK_TRACE_ERROR is
 * how vitest's report calls a timeout.
 */
const isNoCheck = (message: string) => /\b(Syntax|Reference|Type)Error: |STACK_TRACE_ERROR/.test(message)

const row = ({ name, promise, title }: Mutant, verdict: Verdict, seconds: number) => {
  const caught = verdict._tag === "Caught"
  const texts = caught ? verdict.by.map(short) : [title, ...verdict.why.split("\n").slice(0, 6)]
  return [
    `  ${caught ? "✓" : "✗"} ${promise.padEnd(11)}${name.padEnd(44)}${seconds.toFixed(1).padStart(20)}`,
    ...texts.map((text) => `      ${text}`)
  ].join("\n")
}

/** So that it fits a terminal. */
const short = (text: string) => (text.length > 74 ? `${text.slice(0, 73)}…` : text)
