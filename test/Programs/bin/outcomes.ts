/** A program that ends in the way that it is asked for. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Main from "../../../src/Programs/bin/Main.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly message: string }> {}

const outcomes: Readonly<Record<string, Effect.Effect<void, Refused>>> = {
  succeed: Effect.void,
  fail: Effect.fail(new Refused({ message: "a reason\n  in two lines" })),
  die: Effect.die(new Error("a mistake")),
  log: Effect.logError("somebody should look", "at this"),
  wait: Effect.never
}

const open = Effect.acquireRelease(Console.log("open"), () => Console.log("closed"))

Main.run(Effect.scoped(Effect.zipRight(open, outcomes[process.argv[2] ?? ""] ?? Effect.void)), () => 7)
