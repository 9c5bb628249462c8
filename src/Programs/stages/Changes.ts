/** What is new in a stage, told at its beginning. */
import * as Effect from "effect/Effect"
import { explain, section } from "../Terminal.ts"
import type { Outline } from "./Stage.ts"

/** A line for each change since the stage before. */
export const tell = ({ changed, number }: Outline<unknown, unknown>) =>
  Effect.gen(function* () {
    yield* section(`What has changed since stage ${number - 1}`)
    for (const change of changed) yield* explain("-", change)
  })
