/** Both contexts on a stack, and what their subscribers print. */
import type { Engine, StoreError } from "everfold"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Catalogue from "../../../src/Layers/Catalogue/Module.ts"
import * as Purchasing from "../../../src/Layers/Purchasing/Module.ts"

/** The catalogue and purchasing, running. */
export const on = (stack: Layer.Layer<Engine.Stack, StoreError.StoreError>) =>
  Layer.provideMerge(Layer.merge(Catalogue.layer, Purchasing.layer), stack)

/** Keeps the lines that a program and its subscribers print. */
export const printing = <A, E, R>(program: (lines: ReadonlyArray<string>) => Effect.Effect<A, E, R>) =>
  Console.consoleWith((console) => {
    const lines: Array<string> = []
    const log = (...texts: ReadonlyArray<unknown>) => Effect.sync(() => void lines.push(...texts.map(String)))
    return Effect.withConsole(program(lines), { ...console, log })
  })

/** What a program on both contexts may ask for. */
export type Services = Layer.Layer.Success<ReturnType<typeof on>>
