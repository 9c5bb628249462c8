/** What everfold logs while a story is told, kept so that the story can show it in its place. */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Logger from "effect/Logger"
import { quote } from "./Terminal.ts"

/** What was heard. */
export interface Heard {
  /** Keeps what is logged, instead of passing it on. */
  readonly listening: <A, E, R>(story: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Prints what was logged since it was last asked; says so when it was nothing. */
  readonly print: Effect.Effect<void>
  /** Passes over what was logged since. */
  readonly forget: Effect.Effect<void>
}

export const make = (): Heard => {
  const lines: Array<string> = []
  const logger = Logger.make(({ message }) => {
    lines.push([message].flat().map(String).join(" "))
  })
  return {
    listening: (story) => Effect.locally(story, FiberRef.currentLoggers, HashSet.make(logger)),
    forget: Effect.sync(() => void lines.splice(0)),
    print: Effect.suspend(() => {
      const heard = lines.splice(0)
      return heard.length === 0
        ? quote("(nothing was logged)")
        : Effect.forEach(heard, quote, { discard: true })
    })
  }
}
