import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import * as prettier from "prettier"
import { expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const file = path.join(import.meta.dirname, "bank.ts")
const code = fs.readFileSync(file, "utf8")

it("the bank takes at most 60 lines as the formatter writes them, imports included", async () => {
  expect(await prettier.check(code, { ...(await prettier.resolveConfig(file)), filepath: file })).toBe(true)
  expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(60)
})

it("the bank goes through the public doors only", () => {
  const imported = [...code.matchAll(/from "([^"]+)"/g)].map(([, name]) => name ?? "")
  expect(imported.filter((name) => !/^(everfold(\/\w+)?|effect\/\w+)$/.test(name))).toEqual([])
  expect(imported).toContain("everfold")
})

it("the bank runs and prints the balance", async () => {
  const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs")
  const { stderr, stdout } = await promisify(execFile)(process.execPath, [tsx, "--conditions=source", file], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
    timeout: 25_000
  })
  expect(stdout).toBe("{ accountId: 'alice', balance: 70 }\n")
  expect(stderr).toBe("")
})

it("the README shows this very code", () => {
  const readme = fs.readFileSync(path.join(root, "README.md"), "utf8")
  const blocks = [...readme.matchAll(/^```ts[^\n]*\n([\s\S]*?)^```$/gm)].map(([, block]) => block)
  expect(blocks).toContain(code)
})
