import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as LogFlags from "../../../src/Programs/bin/LogFlags.ts"

const { parse } = LogFlags

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
    Effect.map(parse(args, { imports: true }), (parsed) => expect(parsed).toEqual(flags))
  )

  it.effect.each([
    [[], "name a command: verify, backup, restore or import"],
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
    Effect.map(Effect.flip(parse(args, { imports: true })), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )

  it.effect.each([
    [[], "name a command: verify, backup or restore"],
    [["import", "event_store.db", "data"], 'the command is verify, backup or restore, not "import"']
  ] as const)("%j is refused where nothing can be imported", ([args, reason]) =>
    Effect.map(Effect.flip(parse(args, { imports: false })), ({ message }) =>
      expect(message).toBe(`${reason}; --help tells more`)
    )
  )

  it.each([
    [true, /brings events of an older program[^]*  import FILE DIR/],
    [
      false,
      /^Looks after a log in SQLite: checks it, copies it, and makes it from a copy[.]\n\nUsage: x <command>\n(?![^]*import)/
    ]
  ])("is explained as it is called; it imports: %s", (imports, text) => {
    const help = LogFlags.help({ call: "x", imports })
    expect(help).toMatch(text)
    expect(help).toContain("The folder must be writable, for SQLite's -shm")
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
