import * as fs from "node:fs"
import * as path from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"

// Each program in `errors` is wrong, and its first comment is what the compiler says about it: all of it, in
// the compiler's words, with … for what does not help.

const root = path.resolve(import.meta.dirname, "../..")
const folder = path.join(import.meta.dirname, "errors")
const files = fs.readdirSync(folder).map((file) => path.join(folder, file))

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  root
)
const right = path.join(import.meta.dirname, "Inference.test.ts")
const program = ts.createProgram([...files, right], options)

/** What the compiler says about a file, line by line. */
const said = (file: string): ReadonlyArray<string> =>
  ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .flatMap(({ code, messageText }) =>
      `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`.split("\n")
    )

/** The comment at the beginning of a file, line by line. */
const expected = (file: string): ReadonlyArray<string> => {
  const lines = fs.readFileSync(file, "utf8").split("\n")
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("// "))
    )
    .map((line) => line.slice(3))
}

const matches = (line: string, pattern: string): boolean => {
  const parts = pattern.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${parts.join(".*")}$`).test(line)
}

describe("what the compiler says to a wrong program", () => {
  it.each(files.map((file) => path.basename(file, ".ts")))("%s", (name) => {
    const file = path.join(folder, `${name}.ts`)
    const lines = said(file)
    const patterns = expected(file)
    // Lines that are as written become what is written, so that a difference shows itself alone.
    expect(
      lines.map((line, index) => (matches(line, patterns[index] ?? "") ? patterns[index] : line))
    ).toEqual(patterns)
  })

  it("nothing, when every type is what it should be", () => {
    expect(said(right)).toEqual([])
  })

  it("there are wrong programs, and each says what is wrong", () => {
    expect(files.length).toBeGreaterThan(20)
    for (const file of files) expect(expected(file).join("\n")).toMatch(/^TS\d+: /)
  })
})
