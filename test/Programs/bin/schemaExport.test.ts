import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { run } from "../run.ts"

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "schemas-"))
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const exported = (...args: ReadonlyArray<string>) => run("src/Programs/bin/schemaExport.ts", { args })
const json = (...names: ReadonlyArray<string>) =>
  JSON.parse(fs.readFileSync(path.join(directory, ...names), "utf8"))

describe("npm run schema:export", () => {
  it("writes a schema for each form, and a document of all, and says so", async () => {
    const { code, stderr, stdout } = await exported(directory)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toMatchInlineSnapshot(`
      "
      ── JSON Schema, a file for each revision of a message ──────────────────────────
        context     events  commands
        Allocation       5         3
        Catalogue        8         4
        Ordering         6         6
        Purchasing       2         2

      ── asyncapi.json, AsyncAPI 3.0.0 ───────────────────────────────────────────────
        channel           address       messages  written today
        Stock             Stock-{id}           5              5
        Stock.commands    any                  3              3
        Product           Product-{id}         8              4
        Product.commands  any                  4              4
        Order             Order-{id}           6              6
        Order.commands    any                  6              6
        Reorder           Reorder-{id}         2              2
        Reorder.commands  any                  2              2
      "
    `)
    expect(json("Catalogue", "ProductCreated.2.json")).toMatchObject({
      title: "ProductCreated",
      properties: { stock: { type: "integer", minimum: 0 } }
    })
    const { components, info } = json("asyncapi.json")
    const files = fs.readdirSync(directory, { recursive: true, encoding: "utf8" })
    const schemas = files
      .filter((file) => file.includes(path.sep))
      .map((file) => path.basename(file, ".json"))
    expect(Object.keys(components.schemas).sort()).toEqual(schemas.sort())
    expect(info.version).toBe(JSON.parse(fs.readFileSync("package.json", "utf8")).version)
  })

  it.each([{ args: [] }, { args: ["one", "two"] }])("asks for a folder: $args", async ({ args }) => {
    expect(await exported(...args)).toEqual({
      code: 2,
      stdout: "",
      stderr: "everfold: it takes the name of a folder; --help tells more\n"
    })
  })

  it("says how it is used, and what it could not write", async () => {
    expect((await exported("--help")).stdout).toMatch(
      /^Writes what[^]*\nUsage: npm run schema:export -- DIR\n/
    )
    const { code, stderr } = await exported(path.join(directory, "asyncapi.json"))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^everfold: Error: E(EXIST|NOTDIR).*\n$/)
  })
})
