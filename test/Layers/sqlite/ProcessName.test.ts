import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync } from "node:fs"
import * as ProcessName from "../../../src/Layers/sqlite/ProcessName.ts"
import { freshFile } from "./files.ts"
import { holding } from "./holding.ts"

const [place, pid, began] = JSON.parse(ProcessName.own() || "[]")
const named = (...parts: ReadonlyArray<unknown>) => JSON.stringify(parts)

describe.runIf(existsSync("/proc/self/stat"))("whether a process has ended", () => {
  it("this one has not", () => {
    expect(pid).toBe(process.pid)
    expect(ProcessName.hasEnded(ProcessName.own())).toBe(false)
  })

  it("one that another one has got the number of has", () => {
    expect(ProcessName.hasEnded(named(place, pid, "1"))).toBe(true)
  })

  it("of one of another machine or container, of no name, or of none of ours, nothing is known", () => {
    for (const name of [named("elsewhere", 2 ** 22 + 1, began), named(null, pid, "1"), "", "[", "7", "{}"]) {
      expect(ProcessName.hasEnded(name)).toBe(false)
    }
  })

  it.scopedLive("one that stands still has not, one that was killed has", () =>
    Effect.gen(function* () {
      const { kill, name } = yield* holding(yield* freshFile, 1)
      expect(ProcessName.hasEnded(name)).toBe(false)
      yield* kill("SIGSTOP")
      expect(ProcessName.hasEnded(name)).toBe(false)
      yield* kill("SIGKILL")
      expect(ProcessName.hasEnded(name)).toBe(true)
    })
  )

  it("one that has ended and that nobody has asked after has", async () => {
    // The shell becomes a program that does not know of its child.
    const parent = spawn("sh", ["-c", "cat & echo $!; exec sleep 60"], { stdio: ["pipe", "pipe", "ignore"] })
    try {
      const [line] = await once(parent.stdout, "data")
      const child = Number(String(line))
      const state = () => readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
      const name = named(place, child, state()[19])
      while (state()[0] !== "Z") process.kill(child, "SIGKILL")
      expect(ProcessName.hasEnded(name)).toBe(true)
    } finally {
      parent.kill("SIGKILL")
    }
  })
})
