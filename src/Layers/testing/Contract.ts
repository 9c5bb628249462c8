/** Promises as data: a name and an Effect that fails when the promise is broken, for any test runner. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as UuidIds from "../UuidIds.ts"

/**
 * One promise of a port. It may run on a store that others have written to, under any clock, but not while
 * another case runs on the same store.
 */
export interface Case<out R> {
  /** The promise, as a sentence. */
  readonly name: string
  /** Succeeds if the store keeps the promise. */
  readonly run: Effect.Effect<void, unknown, R>
}

/** A promise and how it is tried. */
export const promise = <R>(name: string, run: Effect.Effect<void, unknown, R>): Case<R> => ({ name, run })

/** A store did not do what its port promises. */
export class BrokenPromise extends Schema.TaggedError<BrokenPromise>()("BrokenPromise", {
  details: Schema.String
}) {
  override get message() {
    return this.details
  }
}

/** Fails, and shows where they differ, unless both are the same data. */
export const equal = (
  what: string,
  actual: unknown,
  expected: unknown
): Effect.Effect<void, BrokenPromise> => {
  const found = show(actual)
  const wanted = show(expected)
  if (found === wanted) return Effect.void
  let same = 0
  while (found[same] === wanted[same]) same += 1
  const cut = (text: string) => (same > 60 ? "…" : "") + text.slice(Math.max(0, same - 60), same + 240)
  return new BrokenPromise({ details: `${what}\n  expected ${cut(wanted)}\n  found    ${cut(found)}` })
}

/** Fails unless the effect fails with an error that has these fields. */
export const refuses = <A, E, R>(
  what: string,
  effect: Effect.Effect<A, E, R>,
  error: { readonly [field: string]: unknown }
): Effect.Effect<void, BrokenPromise, R> =>
  Effect.matchEffect(effect, {
    onSuccess: () => new BrokenPromise({ details: `${what}: accepted; expected ${show(error)}` }),
    onFailure: (failure) => equal(what, pick(failure, Object.keys(error)), error)
  })

/** A text that nobody else has: for names that no other case uses. */
export const unique: Effect.Effect<string> = Effect.flatMap(UuidIds.make, ({ next }) => next)

/** `from`, `from + 1` … `to`. */
export const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

// internal

/** The same text for the same data, whatever the order of the fields. */
const show = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (part === undefined) return "(undefined)"
    if (part instanceof Map) return { "(map)": [...part] }
    return typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  })

const pick = (value: unknown, fields: ReadonlyArray<string>): unknown =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(fields.map((field) => [field, Reflect.get(value, field)]))
    : value
