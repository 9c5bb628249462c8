import { describe, expect, it } from "vitest"
import * as Trace from "./Trace.ts"

const alone: Trace.Case = { road: "append", callers: 1, commits: 2 }
const together: Trace.Case = { road: "append", callers: 2, commits: 1 }

const violations = (one: Trace.Case, ...lines: ReadonlyArray<string>) =>
  Trace.checkCase(one, lines).violations.map((violation) => violation.replace(/^.*: /, ""))

describe("a trace", () => {
  it("is good when each commit is written, synced and acknowledged", () => {
    const lines = ["take 1", "write 1", "write", "sync", "ack 1", "take 2", "write 1 2", "sync", "ack 2"]
    expect(Trace.checkCase(alone, lines)).toEqual({ commits: 2, syncs: 2, violations: [] })
  })

  it("is good when one sync serves many, and the next write has begun", () => {
    const lines = ["take 1", "take 2", "write 1 2", "sync", "write", "ack 2", "ack 1"]
    expect(Trace.checkCase(together, lines)).toEqual({ commits: 2, syncs: 1, violations: [] })
  })

  it.each([
    [together, ["take 1", "write 1", "ack 1", "sync"], "commit 1 was acknowledged before a sync"],
    [together, ["sync", "take 1", "write 1", "ack 1"], "commit 1 was acknowledged before a sync"],
    [
      together,
      ["take 1", "take 2", "write 1", "sync", "write 2", "ack 1", "ack 2"],
      "commit 2 was acknowledged before a sync"
    ],
    [together, ["take 1", "sync", "ack 1"], "commit 1 was acknowledged, but not written"],
    [together, ["take 1", "write 11", "sync", "ack 1"], "commit 1 was acknowledged, but not written"],
    [together, ["write 1", "sync", "ack 1"], "commit 1 was acknowledged, but not begun"],
    [together, ["take 1", "write 1", "sync", "ack 1", "ack 1"], "commit 1 was acknowledged, but not begun"],
    [
      alone,
      ["take 1", "write 1", "sync", "write", "ack 1"],
      "commit 1 was acknowledged before all of it was synced"
    ],
    [alone, ["take 1", "write 1", "sync", "ack 1", "take 2"], "1 of 2 commits were acknowledged"],
    [alone, [], "0 of 2 commits were acknowledged"]
  ])("%j, %j: %s", (one, lines, violation) => {
    expect(violations(one, ...lines)).toContain(violation)
  })

  it("is read case by case", () => {
    const [first, ...others] = Trace.check(
      `sync\ncase append, one caller\ntake 1\nwrite 1\nsync\nack 1\ncase append, 100 callers\ntake 2\nack 2\n`
    )
    expect(first).toMatchObject({ commits: 1, syncs: 1 })
    expect(others.map(({ commits, syncs }) => [commits, syncs])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0]
    ])
  })
})
