/** What every command line here has in common: how its arguments are read, and refused. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The command line makes no sense. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

/** Refuses a command line, and says where its meaning is told. */
export const usage = (message: string): UsageError =>
  new UsageError({ message: `${message}; --help tells more` })

/** What `parseArgs` of Node reads. It refuses in several sentences, of which the first says why. */
export const read = <A>(parse: () => A): Effect.Effect<A, UsageError> =>
  Effect.try({
    try: parse,
    catch: (error) => usage(firstSentence(error instanceof Error ? error.message : String(error)))
  })

// internal

const firstSentence = (text: string) => text.split(". ", 1).join("").replace(/\.$/, "")
