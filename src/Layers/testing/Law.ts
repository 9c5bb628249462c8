/** Laws as data: a name, and a check that throws when the law is broken; for any test runner. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"

/** Something that holds for whatever a Schema can generate. */
export interface Law {
  /** The law, as a sentence. */
  readonly name: string
  /** Throws `BrokenLaw`, with the smallest example that was found. */
  readonly check: () => void
}

/** How much is tried. */
export interface Options {
  /** How many values are generated for a law; default 100. */
  readonly runs?: number
  /** Generates the same values again: a broken law says what its seed was. Default: another one each time. */
  readonly seed?: number
}

/** A law does not hold. */
export class BrokenLaw extends Schema.TaggedError<BrokenLaw>()("BrokenLaw", {
  details: Schema.String
}) {
  override get message() {
    return this.details
  }
}

/**
 * A law of all values. `problem` says in words what is wrong with one. A value that could not be generated whole is
 * a `Left`, and does not count; the law is broken, too, when there is no other.
 */
export const forAll = <A>(
  name: string,
  options: Options,
  values: () => FastCheck.Arbitrary<Either.Either<A, Error>>,
  problem: (value: A) => string | undefined
): Law => ({
  name,
  check: () => {
    let tried = 0
    let left = "nothing was generated"
    const problemOf = (value: Either.Either<A, Error>): string | undefined => {
      if (Either.isRight(value)) {
        tried += 1
        return attempt(() => problem(value.right))
      }
      left = value.left.message
      return undefined
    }
    const holds = FastCheck.property(values(), (value) => problemOf(value) === undefined)
    const { counterexample, seed } = FastCheck.check(holds, parameters(options))
    const details = counterexample === null ? undefined : problemOf(counterexample[0])
    if (details !== undefined) throw new BrokenLaw({ details: `${name}: ${details} (seed ${seed})` })
    if (tried === 0) throw new BrokenLaw({ details: `${name}: nothing could be tried, because ${left}` })
  }
})

/**
 * The options in the words of fast-check.
 *
 * @internal
 */
export const parameters = ({ runs = 100, seed }: Options) => ({
  numRuns: runs,
  ...(seed === undefined ? {} : { seed })
})

// internal

/** What a user wrote may throw. */
const attempt = (run: () => string | undefined): string | undefined => {
  try {
    return run()
  } catch (cause) {
    return `it throws ${String(cause)}`
  }
}
