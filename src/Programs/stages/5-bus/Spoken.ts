/** What subscribers print, kept until the story has room for it, in an order that does not depend on who was first. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** What was said. */
export interface Spoken {
  /** Keeps what these print from now on, instead of passing it on. */
  readonly keeping: <A, E, R>(subscribers: Layer.Layer<A, E, R>) => Layer.Layer<A, E, R>
  /** Prints what was said since it was last asked. */
  readonly print: Effect.Effect<void>
  /** Passes over what was said since. */
  readonly forget: Effect.Effect<void>
}

export const make = (): Spoken => {
  const lines: Array<string> = []
  const log = (...texts: ReadonlyArray<unknown>) => Effect.sync(() => void lines.push(...texts.map(String)))
  return {
    keeping: (subscribers) =>
      Layer.scopedContext(
        Console.consoleWith((plain) => Effect.withConsole(Layer.build(subscribers), { ...plain, log }))
      ),
    print: Effect.suspend(() =>
      Effect.forEach(lines.splice(0).sort(), (line) => Console.log(line), { discard: true })
    ),
    forget: Effect.sync(() => void lines.splice(0))
  }
}
