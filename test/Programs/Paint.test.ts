import { expect, it } from "@effect/vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { paint, painted } from "../../src/Programs/Paint.ts"
import { printing } from "../Layers/Catalogue/App.ts"

it("paints headings and what subscribers print, line by line", () => {
  expect(paint("\n── Title ──\n  text\n[AUDIT] a\n[ALERT] b\n  refused: c\n  halted: d")).toBe(
    "\n\u001b[1m── Title ──\u001b[0m\n  text\n\u001b[2m[AUDIT] a\u001b[0m\n\u001b[33m[ALERT] b\u001b[0m\n\u001b[31m  refused: c\u001b[0m\n\u001b[31m  halted: d\u001b[0m"
  )
})

it.effect("paints whatever a program prints", () =>
  printing((lines) =>
    Effect.gen(function* () {
      yield* painted(Effect.zipRight(Console.log("[ALERT] low"), Console.log("plain")))
      expect(lines).toEqual(["\u001b[33m[ALERT] low\u001b[0m", "plain"])
    })
  )
)
