import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { parse } from "../../../src/Programs/bin/Flags.ts"

describe("the flags of the demo", () => {
  it.effect.each([
    [[], { _tag: "Sqlite", directory: undefined }],
    [["--store", "sqlite"], { _tag: "Sqlite", directory: undefined }],
    [["--data", "folder"], { _tag: "Sqlite", directory: "folder" }],
    [["--store=memory"], { _tag: "Memory" }],
    [["--help", "--store", "redis"], { _tag: "Help" }],
    [["-h"], { _tag: "Help" }]
  ] as const)("%j are understood", ([args, flags]) =>
    Effect.map(parse(args), (parsed) => expect(parsed).toEqual(flags))
  )

  it.effect.each([
    [["--colour"], "Unknown option '--colour'"],
    [["run"], "Unexpected argument 'run'"],
    [["--data"], "Option '--data <value>' argument missing"],
    [["--data", " "], "--data needs the name of a folder"],
    [["--store", "redis"], '--store is sqlite or memory, not "redis"'],
    [["--store", "memory", "--data", "x"], "--data has no meaning with --store memory"]
  ] as const)("%j are refused", ([args, reason]) =>
    Effect.map(Effect.flip(parse(args)), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )
})
