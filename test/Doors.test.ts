import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "..")
const door = (name: string) => path.join(root, "src", name)

/** The packages that a module imports, itself or through its own modules, types included. */
const packagesOf = (entry: string): ReadonlyArray<string> => {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const walk = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest)
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
      if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue
      const { text } = statement.moduleSpecifier
      if (text.startsWith(".")) walk(path.resolve(path.dirname(file), text))
      else packages.add(/^(@[^/]+\/)?[^/]+/.exec(text)?.[0] ?? text)
    }
  }
  walk(entry)
  return [...packages].sort()
}

/** The native modules that a program has loaded at its end. */
const nativeModulesOf = async (code: string): Promise<string> => {
  const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs")
  const report = `console.log(process.report.getReport().sharedObjects.filter((it) => it.endsWith(".node")).join())`
  const argv = [tsx, "--conditions=source", "--input-type=module", "--eval", `${code}\n${report}`]
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root, timeout: 25_000 })
  return stdout.trim()
}

describe("the doors everfold and everfold/testing need effect and nothing else", () => {
  it.each(["index.ts", "testing.ts"])("src/%s imports effect only", (name) => {
    expect(packagesOf(door(name)).filter((it) => it !== "everfold")).toEqual(["effect"])
  })

  it.each(["everfold", "everfold/testing"])("%s loads no native module", async (name) => {
    expect(await nativeModulesOf(`await import("${name}")`)).toBe("")
  })

  it("everfold/sqlite does, and this would be seen", async () => {
    expect(packagesOf(door("sqlite.ts"))).toContain("@effect/sql")
    const opened = `const { default: Database } = await import("better-sqlite3"); new Database(":memory:")`
    expect(await nativeModulesOf(opened)).toMatch(/better_sqlite3[.]node$/)
  })
})

describe("what the doors show is decided, not accidental", () => {
  const names = async (name: string) =>
    Object.keys(await import(name))
      .sort()
      .join(" ")

  it("everfold", async () => {
    expect(await names("everfold")).toMatchInlineSnapshot(
      `"Aggregate Append AsyncApi Category Circumstances CommandHandler CommandMailbox Commit Continuity Decoding Difference Doorbell Engine Event EventCodec EventStore Expected Failure FailurePolicy GroupCommit Handler History Ids Inbox Interest Json JsonDoor JsonSchemas Leases Limits LogCommandHandler LogTail MemoryEventStore MemoryLeases MemoryReadModel MemorySnapshots MemoryStack Message MessageBus Metadata News Note NotedInbox Notes Ownership Parked Process ProcessManager Projection ProjectionStore Projector QueueDoorbell Reaction Reactor ReadModel Revisions SequentialIds Snapshot Snapshots Snapshotter Soundness Steps StoreError StreamName Subscriber Subscription SubscriptionControl SubscriptionRegistry Subscriptions Text UuidIds Verification"`
    )
  })

  it("everfold/sqlite", async () => {
    expect(await names("everfold/sqlite")).toMatchInlineSnapshot(
      `"ReadDb SqliteBackup SqliteEventStore SqliteInspection SqliteStack SqliteVerification TableProjection TableProjector TableStore"`
    )
  })

  it("everfold/testing", async () => {
    expect(await names("everfold/testing")).toMatchInlineSnapshot(
      `"Contract EventStoreContract Law LeasesContract LockReview MessageLaws NotesContract ReadModelContract SchemaLock Shape SnapshotsContract TestStack"`
    )
  })

  it("package.json names these doors and no other", () => {
    const { exports } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"))
    expect(Object.keys(exports)).toEqual([".", "./sqlite", "./testing", "./package.json"])
  })
})
