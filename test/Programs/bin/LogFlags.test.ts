import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { parse } from "../../../src/Programs/bin/LogFlags.ts"

describe("the command line of the log", () => {
  it.effect.each([
    [["verify", "data"], { _tag: "Verify", path: "data" }],
    [["backup", "data", "copy.db"], { _tag: "Backup", directory: "data", to: "copy.db", overwrite: false }],
    [
      ["backup", "--overwrite", "data", "copy.db"],
      { _tag: "Backup", directory: "data", to: "copy.db", overwrite: true }
    ],
    [["restore", "copy.db", "data"], { _tag: "Restore", from: "copy.db", directory: "data", replace: false }],
    [
      ["restore", "copy.db", "data", "--replace"],
      { _tag: "Restore", from: "copy.db", directory: "data", replace: true }
    ],
    [["import", "event_store.db", "data"], { _tag: "Import", from: "event_store.db", directory: "data" }],
    [["--help"], { _tag: "Help" }],
    [["verify", "-h"], { _tag: "Help" }]
  ] as const)("%j is understood", ([args, flags]) =>
    Effect.map(parse(args), (parsed) => expect(parsed).toEqual(flags))
  )

  it.effect.each([
    [[], 'the command is verify, backup, restore or import, not ""'],
    [["drop", "data"], 'the command is verify, backup, restore or import, not "drop"'],
    [["verify"], "verify takes DIR"],
    [["verify", " "], "verify takes DIR"],
    [["verify", "data", "more"], "verify takes DIR"],
    [["backup", "data"], "backup takes DIR and FILE"],
    [["restore", "copy.db", "data", "more"], "restore takes FILE and DIR"],
    [["import", "event_store.db"], "import takes FILE and DIR"],
    [["import", "event_store.db", "data", "--replace"], "--replace is for restore"],
    [["backup", "data", "copy.db", "--replace"], "--replace is for restore"],
    [["restore", "copy.db", "data", "--overwrite"], "--overwrite is for backup"],
    [["verify", "data", "--fast"], "Unknown option '--fast'"]
  ] as const)("%j is refused", ([args, reason]) =>
    Effect.map(Effect.flip(parse(args)), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )
})
