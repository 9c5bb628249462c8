import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { stages } from "../../../src/Programs/bin/Stages.ts"
import * as Document from "../../../src/Programs/stages/Document.ts"

// When this fails because a stage has changed: npm run docs:stages.

it.live("docs/stages.md shows what the stages print", () =>
  Effect.map(Document.render(stages), (text) =>
    expect(text).toBe(readFileSync(new URL("../../../docs/stages.md", import.meta.url), "utf8"))
  )
)
