import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import ts from "typescript"
import { afterAll, describe, expect, it } from "vitest"

// Every block of TypeScript in the documents is a program: it is type-checked, it runs, and it prints what the
// document says that it prints. A block marked `ts no-run` is type-checked only.

const root = path.resolve(import.meta.dirname, "..")

interface Block {
  readonly name: string
  readonly code: string
  readonly runs: boolean
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
    return [
      {
        name: `${document}:${line}`,
        code,
        runs: marks.trim() !== "no-run",
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
  const file = path.join(folder, `${block.name.replace(/\W+/g, "-")}.ts`)
  // A module even when it imports nothing: blocks share nothing.
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
  it("there are some, in the README too", () => {
    expect(blocks.filter(({ name }) => name.startsWith("README.md")).length).toBeGreaterThan(0)
    expect(blocks.filter(({ output }) => output !== undefined).length).toBeGreaterThan(0)
  })

  it.each(programs)("$name is well typed", ({ file }) => {
    const messages = ts
      .getPreEmitDiagnostics(checked, checked.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
    expect(messages).toEqual([])
  })

  it.each(programs.filter(({ runs }) => runs))("$name runs", async ({ file, output }) => {
    // Fails with what the block has printed when it does not exit with 0.
    const { stderr, stdout } = await run(process.execPath, [tsx, "--conditions=source", file], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
      timeout: 25_000
    })
    expect(stderr).toBe("")
    if (output !== undefined) expect(stdout).toBe(output)
  })
})
