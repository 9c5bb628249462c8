/** What a program prints, as a text. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** Runs a program that prints, and returns what it has printed instead; without empty lines around it. */
export const printed = <E, R>(program: Effect.Effect<void, E, R>): Effect.Effect<string, E, R> =>
  Console.consoleWith((console) =>
    Effect.suspend(() => {
      const texts: Array<string> = []
      const log = (...parts: ReadonlyArray<unknown>) => Effect.sync(() => void texts.push(parts.join(" ")))
      return Effect.map(Effect.withConsole(program, { ...console, log }), () =>
        texts.join("\n").replace(/^\n+|\n+$/g, "")
      )
    })
  )
