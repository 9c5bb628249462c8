import { describe, expect, it } from "vitest"
import { run } from "../run.ts"

const outcome = (name: string, options: Parameters<typeof run>[1] = {}) =>
  run("test/Programs/bin/outcomes.ts", { ...options, args: [name] })

const stdout = "open\nclosed\n"

describe.concurrent("a program", { timeout: 120_000 }, () => {
  it("ends with 0 and says nothing on stderr", async () => {
    expect(await outcome("succeed")).toEqual({ code: 0, stdout, stderr: "" })
  })

  it("that fails says why in one line and ends as it was told", async () => {
    expect(await outcome("fail")).toEqual({ code: 7, stdout, stderr: "everfold: a reason in two lines\n" })
  })

  it("that has a bug says so in one line and ends with 1", async () => {
    expect(await outcome("die")).toEqual({ code: 1, stdout, stderr: "everfold: Error: a mistake\n" })
  })

  it("logs on stderr", async () => {
    expect(await outcome("log")).toEqual({
      code: 0,
      stdout,
      stderr: "everfold: somebody should look at this\n"
    })
  })

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const)("closes its layers on %s", async (signal, code) => {
    const ended = await outcome("wait", { onOutput: (kill) => kill(signal) })
    expect(ended).toEqual({ code, stdout, stderr: "" })
  })

  it("ends when nobody reads what it prints", async () => {
    expect(await outcome("wait", { deaf: true })).toEqual({ code: 141, stdout: "", stderr: "" })
  })
})
