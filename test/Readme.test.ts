import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import ts from "typescript"
import { afterAll, describe, expect, it } from "vitest"

// Every block of TypeScript in the documents is a program: it is type-checked, it runs, and it prints what the
// document says that it prints. A block marked `ts no-run` is type-checked only. One marked with the name of a file,
// as `ts order.ts`, is that file for all blocks of its document. One marked `sigterm` gets that signal when it has
// printed its first line.

const root = path.resolve(import.meta.dirname, "..")

interface Block {
  readonly name: string
  /** Where it is, from the folder of all blocks. */
  readonly place: string
  readonly code: string
  readonly runs: boolean
  readonly isStopped: boolean
  /** What a block of text that follows it says. */
  readonly output: string | undefined
}

const fence = /^```(\S*)([^\n]*)\n([\s\S]*?)^```$/gm

const blocksOf = (document: string): ReadonlyArray<Block> => {
  const text = fs.readFileSync(path.join(root, document), "utf8")
  const fences = [...text.matchAll(fence)]
  return fences.flatMap((match, index) => {
    const [whole, language, marks = "", code = ""] = match
    if (language !== "ts") return []
    const next = fences[index + 1]
    const end = match.index + whole.length
    const follows = next?.[1] === "text" && text.slice(end, next.index).trim() === ""
    const line = text.slice(0, match.index).split("\n").length
    const words = marks.trim().split(" ")
    const file = words.find((word) => word.endsWith(".ts")) ?? `line-${line}.ts`
    return [
      {
        name: `${document}:${line}`,
        place: path.join(document.replace(/\W+/g, "-"), file),
        code,
        runs: !words.includes("no-run"),
        isStopped: words.includes("sigterm"),
        output: follows ? next[3] : undefined
      }
    ]
  })
}

const documents = [
  "README.md",
  ...fs.readdirSync(path.join(root, "docs")).map((file) => `docs/${file}`)
].filter((file) => file.endsWith(".md"))
const blocks = documents.flatMap(blocksOf)

// Inside the project, where `everfold` is this package.
const generated = path.join(import.meta.dirname, ".generated")
fs.mkdirSync(generated, { recursive: true })
const folder = fs.mkdtempSync(path.join(generated, "blocks-"))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const programs = blocks.map((block) => {
  const file = path.join(folder, block.place)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  // A module even when it imports nothing: blocks share nothing but what they import.
  fs.writeFileSync(file, `${block.code}\nexport {}\n`)
  return { ...block, file }
})

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  root
)
const checked = ts.createProgram(
  programs.map(({ file }) => file),
  options
)

const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs")
const run = promisify(execFile)

describe("the blocks of the documents", () => {
  it("there are some, in the README too; no two are one file", () => {
    expect(blocks.filter(({ name }) => name.startsWith("README.md")).length).toBeGreaterThan(0)
    expect(blocks.filter(({ output }) => output !== undefined).length).toBeGreaterThan(0)
    expect(new Set(blocks.map(({ place }) => place)).size).toBe(blocks.length)
  })

  it.each(programs)("$name is well typed", ({ file }) => {
    const messages = ts
      .getPreEmitDiagnostics(checked, checked.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
    expect(messages).toEqual([])
  })

  it.each(programs.filter(({ runs }) => runs))("$name runs", async ({ file, isStopped, output }) => {
    // Fails with what the block has printed when it does not exit with 0.
    const running = run(process.execPath, [tsx, "--conditions=source", file], {
      cwd: path.dirname(file),
      env: { ...process.env, NO_COLOR: "1" },
      timeout: 25_000
    })
    if (isStopped) running.child.stdout?.once("data", () => running.child.kill("SIGTERM"))
    const { stderr, stdout } = await running
    expect(stderr).toBe("")
    if (output !== undefined) expect(stdout).toBe(output)
  })
})
