import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import { withSpan } from "../../src/Layers/Tracing.ts"

const span = Effect.option(Effect.currentSpan).pipe(withSpan("a command", { aggregate: "Account" }))

it.effect("whoever has set a tracer gets a span, which ends with the effect", () => {
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const ends: Array<boolean> = []
      const attributes = new Map<string, unknown>()
      spans.push({ name, attributes, ends })
      return {
        _tag: "Span",
        name,
        spanId: "1",
        traceId: "1",
        parent,
        context,
        links,
        kind,
        attributes,
        sampled: true,
        status: { _tag: "Started", startTime },
        attribute: (key, value) => void attributes.set(key, value),
        event: () => undefined,
        addLinks: () => undefined,
        end: (_, exit) => void ends.push(Exit.isSuccess(exit))
      }
    },
    context: (work) => work()
  })
  const spans: Array<{ name: string; attributes: Map<string, unknown>; ends: Array<boolean> }> = []
  return Effect.gen(function* () {
    expect(yield* span).toMatchObject({ _tag: "Some", value: { name: "a command" } })
    expect(spans).toEqual([
      { name: "a command", attributes: new Map([["aggregate", "Account"]]), ends: [true] }
    ])
  }).pipe(Effect.withTracer(tracer))
})

it.effect("nobody pays for one that nobody keeps", () =>
  Effect.gen(function* () {
    expect(yield* span).toMatchObject({ _tag: "None" })
  })
)
