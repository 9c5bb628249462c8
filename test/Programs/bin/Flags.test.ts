import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { help, parse } from "../../../src/Programs/bin/Flags.ts"
import type { Choice } from "../../../src/Programs/bin/Store.ts"
import { stories } from "../../../src/Programs/bin/Stories.ts"

const tell = (story: string, choice: Choice) => ({ _tag: "Tell", story, choice })

describe("the flags of the demo", () => {
  it.effect.each([
    [[], tell("catalogue", { _tag: "Sqlite", directory: undefined })],
    [["--store", "sqlite"], tell("catalogue", { _tag: "Sqlite", directory: undefined })],
    [["--data", "folder"], tell("catalogue", { _tag: "Sqlite", directory: "folder" })],
    [["--store=memory"], tell("catalogue", { _tag: "Memory" })],
    [["catalogue"], tell("catalogue", { _tag: "Sqlite", directory: undefined })],
    [["failures", "--store", "memory"], tell("failures", { _tag: "Memory" })],
    [["--data", "folder", "disaster"], tell("disaster", { _tag: "Sqlite", directory: "folder" })],
    [["--help", "--store", "redis"], { _tag: "Help" }],
    [["-h"], { _tag: "Help" }]
  ] as const)("%j are understood", ([args, flags]) =>
    Effect.map(parse(args), (parsed) => expect(parsed).toEqual(flags))
  )

  it.effect.each([
    [["--colour"], "Unknown option '--colour'"],
    [["run"], 'there is no story "run"'],
    [["failures", "disaster"], "one story at a time"],
    [["disaster", "--store", "memory"], '"disaster" cannot be told with --store memory'],
    [["--data"], "Option '--data <value>' argument missing"],
    [["--data", " "], "--data needs the name of a folder"],
    [["--store", "redis"], '--store is sqlite or memory, not "redis"'],
    [["--store", "memory", "--data", "x"], "--data has no meaning with --store memory"]
  ] as const)("%j are refused", ([args, reason]) =>
    Effect.map(Effect.flip(parse(args)), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )

  it("are explained, with a line for each story, on a terminal of any width", () => {
    for (const [name, { about }] of stories) expect(help).toMatch(new RegExp(`^  ${name} +${about}$`, "m"))
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
