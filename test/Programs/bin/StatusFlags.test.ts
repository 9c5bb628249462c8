import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { parse } from "../../../src/Programs/bin/StatusFlags.ts"

describe("the command line of the status", () => {
  it.effect.each([
    [["data"], { _tag: "Show", directory: "data", json: false }],
    [["--json", "data"], { _tag: "Show", directory: "data", json: true }],
    [["data", "--forget", "mail"], { _tag: "Forget", directory: "data", name: "mail" }],
    [["--help"], { _tag: "Help" }],
    [["data", "-h"], { _tag: "Help" }]
  ] as const)("%j is understood", ([args, flags]) =>
    Effect.map(parse(args), (parsed) => expect(parsed).toEqual(flags))
  )

  it.effect.each([
    [[], "status takes DIR"],
    [[" "], "status takes DIR"],
    [["data", "more"], "status takes DIR"],
    [["--forget", "mail"], "status takes DIR"],
    [["data", "--forget", "mail", "--json"], "--json shows, --forget does not"],
    [["data", "--watch"], "Unknown option '--watch'"]
  ] as const)("%j is refused", ([args, reason]) =>
    Effect.map(Effect.flip(parse(args)), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )
})
