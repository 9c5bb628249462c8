/** Breaks each promise in a copy of the project, and sees who notices. */
import * as Array from "effect/Array"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Pool from "effect/Pool"
import * as Record from "effect/Record"
import { heading } from "../faults/Report.ts"
import { timed } from "../faults/Round.ts"
import * as Copy from "./Copy.ts"
import type { Catcher, Mutant } from "./Mutant.ts"
import * as Tester from "./Tester.ts"

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
    const testers = yield* Pool.make({ acquire: Tester.make, size: atOnce })
    const known = yield* healthy(testers, mutants)
    return yield* Effect.forEach(
      mutants,
      (mutant) =>
        timed(verdict(testers, mutant, known)).pipe(
          Effect.tap(([verdict, seconds]) => tell(mutant, verdict, seconds)),
          Effect.map(([verdict]) => verdict)
        ),
      { concurrency: atOnce }
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

const atOnce = 2

type Testers = Pool.Pool<Tester.Tester>

/** What the tests do by file, as long as nothing is broken. */
type Known = ReadonlyMap<string, Tester.Results>

const healthy = (testers: Testers, mutants: ReadonlyArray<Mutant>): Effect.Effect<Known> => {
  const catchers = mutants.flatMap(({ catchers }) => catchers)
  const files = Record.toEntries(Array.groupBy(catchers, ({ file }) => file))
  return Effect.forEach(
    files,
    ([file, of]) => {
      const request = { file, filters: of.map(({ filter }) => filter), changed: [] }
      return Effect.flatMap(testers, (tester) => Tester.run(tester, request)).pipe(
        Effect.scoped,
        Effect.map((results) => [file, results] as const)
      )
    },
    { concurrency: atOnce }
  ).pipe(Effect.map((results) => new Map(results)))
}

const verdict = (testers: Testers, mutant: Mutant, known: Known): Effect.Effect<Verdict> =>
  Effect.flatMap(testers, (tester) =>
    noticed(tester, mutant, known).pipe(
      Effect.timeoutFail({ duration: "2 minutes", onTimeout: () => "its tests do not end" }),
      // Whatever it has left behind, the next one is not to meet it.
      Effect.tapError(() => Pool.invalidate(testers, tester))
    )
  ).pipe(
    Effect.scoped,
    Effect.match({
      onFailure: (why) => ({ _tag: "Escaped", why }),
      onSuccess: (by) => ({ _tag: "Caught", by })
    })
  )

const noticed = (tester: Tester.Tester, { catchers, patch }: Mutant, known: Known) =>
  Effect.gen(function* () {
    yield* Effect.mapError(Copy.patch(tester.folder, patch), (why) => `the patch does not apply: ${why}`)
    const changed = [...patch.matchAll(/^[+]{3} b\/(.*)$/gm)].map(([, path = ""]) => path)
    return yield* Effect.forEach(catchers, (catcher) => caught(tester, catcher, changed, known))
  }).pipe(Effect.scoped)

/** The test that noticed: one that passes without the patch and fails with it, because of what it checks. */
const caught = (
  tester: Tester.Tester,
  { file, filter }: Catcher,
  changed: ReadonlyArray<string>,
  known: Known
): Effect.Effect<string, string> =>
  Effect.gen(function* () {
    const before = known.get(file) ?? { tests: [], broken: [] }
    const named = before.tests.filter(({ name }) => name.includes(filter))
    const where = filter === "" ? file : `${file} -t "${filter}"`
    if (named.length === 0)
      return yield* Effect.fail([`there is no test ${where}`, ...before.broken].join("\n"))
    const failing = named.find(({ passed }) => !passed)
    if (failing !== undefined) return yield* Effect.fail(`fails without the patch as well: ${failing.title}`)
    const { broken, tests } = yield* Tester.run(tester, { file, filters: [filter], changed })
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
