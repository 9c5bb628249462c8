import { expect, it } from "@effect/vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { printed } from "../../src/Programs/Printed.ts"
import { printing } from "../Layers/Catalogue/App.ts"

it.effect("keeps what a program prints, without empty lines around it", () =>
  printing((lines) =>
    Effect.gen(function* () {
      const program = Effect.all([Console.log("\nTitle"), Console.log("one", 2), Console.log("")], {
        discard: true
      })
      expect([yield* printed(program), yield* printed(program)]).toEqual(["Title\none 2", "Title\none 2"])
      expect(lines).toEqual([])
    })
  )
)
