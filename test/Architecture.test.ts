import { cruise, type ICruiseResult, type IConfiguration } from "dependency-cruiser"
import { ESLint } from "eslint"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "..")
const { forbidden = [], options }: IConfiguration = createRequire(import.meta.url)(
  "../.dependency-cruiser.cjs"
)

/** Files by their path; a path on its own stands for an empty module. */
type Files = Readonly<Record<string, string>>

const houses = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "house-"))
afterAll(() => fs.rmSync(houses, { recursive: true, force: true }))

/** A house of its own with this project's rules and packages and nothing but the given files. */
const house = (files: Files): string => {
  const folder = fs.mkdtempSync(path.join(houses, "-"))
  for (const layer of ["Domain", "Services", "Layers", "Programs"]) {
    fs.mkdirSync(path.join(folder, "src", layer), { recursive: true })
  }
  for (const file of ["package.json", "tsconfig.json", "eslint.config.mjs"]) {
    fs.copyFileSync(path.join(root, file), path.join(folder, file))
  }
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "dir")
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    fs.writeFileSync(path.join(folder, file), text || "export const it = 1\n")
  }
  return folder
}

/** The names of the rules that the arrows of a folder break. */
const broken = async (baseDir: string): Promise<ReadonlyArray<string>> => {
  const result = await cruise(["src"], { ...options, ruleSet: { forbidden }, validate: true, baseDir })
  const { summary } = result.output as ICruiseResult
  return [...new Set(summary.violations.map((violation) => violation.rule.name))]
}

const use = (...specifiers: ReadonlyArray<string>) =>
  specifiers.map((it) => `export * from "${it}"\n`).join("")
const useType = (specifier: string) => `export type * from "${specifier}"\n`

// Sales and Stock are contexts that the project does not have.
const plants: Readonly<Record<string, ReadonlyArray<Files>>> = {
  "domain-is-lowest": [
    { "src/Domain/Fold.ts": use("../Services/Port.ts"), "src/Services/Port.ts": "" },
    { "src/Domain/Fold.ts": useType("../Services/Port.ts"), "src/Services/Port.ts": "" },
    { "src/Domain/Fold.ts": use("../Layers/Engine.ts"), "src/Layers/Engine.ts": "" },
    { "src/Domain/Sales/Order.ts": use("../../Services/Sales/Port.ts"), "src/Services/Sales/Port.ts": "" },
    { "src/Domain/Sales/Order.ts": use("everfold/testing"), "src/testing.ts": "" }
  ],
  "domain-is-pure": [
    { "src/Domain/Fold.ts": use("effect/Effect") },
    { "src/Domain/Fold.ts": useType("effect/Effect") },
    { "src/Domain/Fold.ts": 'export const load = () => import("effect/Layer")' },
    { "src/Domain/Fold.ts": 'export type Clock = import("effect/Clock").Clock' },
    { "src/Domain/Fold.ts": use("effect") },
    { "src/Domain/Fold.ts": use("@effect/sql/SqlClient") },
    { "src/Domain/Fold.ts": use("node:fs") },
    { "src/Domain/Sales/Order.ts": use("effect/Ref") }
  ],
  "services-below-layers": [
    { "src/Services/Port.ts": use("../Layers/Engine.ts"), "src/Layers/Engine.ts": "" },
    { "src/Services/Sales/Port.ts": use("../../Programs/Story.ts"), "src/Programs/Story.ts": "" },
    { "src/Services/Sales/Port.ts": use("everfold/sqlite"), "src/sqlite.ts": "" }
  ],
  "services-know-no-vendor": [
    { "src/Services/Port.ts": use("@effect/sql/SqlClient") },
    { "src/Services/Port.ts": useType("better-sqlite3") },
    { "src/Services/Port.ts": use("node:crypto") }
  ],
  "layers-below-programs": [
    { "src/Layers/Engine.ts": use("../Programs/Story.ts"), "src/Programs/Story.ts": "" },
    { "src/Layers/sql/Store.ts": use("../../Programs/Story.ts"), "src/Programs/Story.ts": "" },
    { "src/index.ts": use("./Programs/Story.ts"), "src/Programs/Story.ts": "" }
  ],
  "kernel-knows-no-context": [
    { "src/Domain/Fold.ts": use("./Sales/Events.ts"), "src/Domain/Sales/Events.ts": "" },
    { "src/Services/Port.ts": use("../Domain/Sales/Events.ts"), "src/Domain/Sales/Events.ts": "" },
    { "src/Layers/sql/Store.ts": use("../Sales/Module.ts"), "src/Layers/Sales/Module.ts": "" },
    {
      "src/Layers/sql/Store.ts": use("../Sales/smtp/Notifier.ts"),
      "src/Layers/Sales/smtp/Notifier.ts": ""
    },
    { "src/index.ts": use("./Domain/Sales/Events.ts"), "src/Domain/Sales/Events.ts": "" }
  ],
  "contexts-are-islands": [
    { "src/Domain/Sales/Order.ts": use("../Stock/Product.ts"), "src/Domain/Stock/Product.ts": "" },
    { "src/Domain/Sales/Order.ts": use("../Stock/Rejections.ts"), "src/Domain/Stock/Rejections.ts": "" },
    { "src/Layers/Sales/Module.ts": use("../Stock/Module.ts"), "src/Layers/Stock/Module.ts": "" }
  ],
  "contexts-use-the-door": [
    { "src/Domain/Sales/Order.ts": use("../Fold.ts"), "src/Domain/Fold.ts": "" },
    { "src/Domain/Sales/Order.ts": use("../../index.ts"), "src/index.ts": "" },
    { "src/Layers/Sales/Module.ts": use("../Engine.ts"), "src/Layers/Engine.ts": "" },
    { "src/Programs/Story.ts": use("../Services/Port.ts"), "src/Services/Port.ts": "" },
    { "src/Programs/bin/story.ts": use("../../sqlite.ts"), "src/sqlite.ts": "" }
  ],
  "vendor-stays-home": [
    { "src/Layers/Engine.ts": use("@effect/sql/SqlClient") },
    { "src/Layers/Engine.ts": use("node:fs") },
    { "src/Layers/Sales/Module.ts": use("@effect/sql/SqlClient") },
    { "src/Programs/Story.ts": use("node:fs") },
    { "src/Layers/memory/Store.ts": use("@effect/sql/SqlClient") },
    { "src/Layers/sql/Store.ts": use("@effect/sql-sqlite-node") },
    { "src/Layers/sql/Store.ts": useType("better-sqlite3") },
    { "src/Layers/sqlite/Store.ts": use("prettier") },
    { "src/Layers/Allocation/Module.ts": use("nodemailer") },
    { "src/Layers/Sales/smtp/Notifier.ts": use("nodemailer") },
    { "src/Layers/sqlite/Store.ts": use("nodemailer") },
    { "src/Programs/bin/story.ts": use("nodemailer") },
    { "src/Layers/Allocation/smtp/Notifier.ts": use("@effect/sql-sqlite-node") },
    { "src/Layers/Allocation/smtp/Notifier.ts": use("prettier") },
    { "src/Programs/bin/story.ts": use("better-sqlite3") }
  ],
  "main-door-needs-only-effect": [
    { "src/index.ts": use("./Layers/sqlite/Store.ts"), "src/Layers/sqlite/Store.ts": use("better-sqlite3") },
    { "src/testing.ts": use("./Layers/sql/Store.ts"), "src/Layers/sql/Store.ts": useType("@effect/sql") }
  ],
  "mechanisms-are-for-stacks-and-doors": [
    { "src/Layers/Engine.ts": use("./memory/Store.ts"), "src/Layers/memory/Store.ts": "" },
    { "src/Layers/Sales/Module.ts": use("../sqlite/Store.ts"), "src/Layers/sqlite/Store.ts": "" },
    { "src/Programs/Story.ts": use("../Layers/sqlite/Store.ts"), "src/Layers/sqlite/Store.ts": "" },
    { "src/Layers/Sales/Module.ts": use("./smtp/Notifier.ts"), "src/Layers/Sales/smtp/Notifier.ts": "" },
    {
      "src/Programs/Story.ts": use("../Layers/Sales/smtp/Notifier.ts"),
      "src/Layers/Sales/smtp/Notifier.ts": ""
    },
    {
      "src/Layers/Sales/smtp/Notifier.ts": use("../../sqlite/Store.ts"),
      "src/Layers/sqlite/Store.ts": ""
    }
  ],
  "doors-are-for-outside": [
    { "src/Domain/Fold.ts": use("everfold"), "src/index.ts": "" },
    { "src/Layers/Engine.ts": use("../index.ts"), "src/index.ts": "" },
    { "src/Layers/sqlite/Store.ts": use("everfold/testing"), "src/testing.ts": "" }
  ],
  "stages-are-alone": [
    { "src/Programs/Story.ts": use("./stages/1-table/First.ts"), "src/Programs/stages/1-table/First.ts": "" },
    {
      "src/Layers/Engine.ts": use("../Programs/stages/1-table/First.ts"),
      "src/Programs/stages/1-table/First.ts": ""
    }
  ],
  "no-cycles": [
    { "src/Domain/Fold.ts": use("./Event.ts"), "src/Domain/Event.ts": use("./Fold.ts") },
    { "src/Domain/Fold.ts": use("./Event.ts"), "src/Domain/Event.ts": useType("./Fold.ts") }
  ],
  "everything-resolves": [{ "src/Layers/sqlite/Store.ts": use("everfold/nowhere") }]
}

describe("the arrows", () => {
  it("hold in this project", async () => {
    expect(await broken(root)).toEqual([])
  })

  it("have a plant for every rule", () => {
    expect(Object.keys(plants).sort()).toEqual([...new Set(forbidden.map((rule) => rule.name ?? ""))].sort())
  })

  for (const [rule, cases] of Object.entries(plants)) {
    for (const files of cases) {
      const [[file, text] = []] = Object.entries(files)
      it(`${rule}: ${file}: ${text?.trim()}`, async () => {
        expect(await broken(house(files))).toEqual([rule])
      })
    }
  }

  it("let a house be built", async () => {
    const files = {
      "src/index.ts": use("./Domain/Fold.ts", "./Services/Port.ts", "./Layers/memory/Store.ts"),
      "src/sqlite.ts": use("./Layers/sqlite/Store.ts"),
      "src/testing.ts": use("./Domain/Fold.ts", "./Layers/memory/Store.ts"),
      "src/Domain/Fold.ts": use("effect/Schema", "effect/Option", "effect/Match", "./internal/cast.ts"),
      "src/Domain/internal/cast.ts": "",
      "src/Services/Port.ts": use("effect/Effect", "effect/Context", "../Domain/Fold.ts"),
      "src/Layers/Engine.ts": use("effect/Layer", "../Domain/Fold.ts", "../Services/Port.ts"),
      "src/Layers/memory/Store.ts": use("../Engine.ts", "../../Services/Port.ts"),
      "src/Layers/sql/Store.ts": use("@effect/sql/SqlClient", "../Engine.ts"),
      "src/Layers/sqlite/Store.ts": use(
        "../sql/Store.ts",
        "node:fs",
        "better-sqlite3",
        "@effect/sql-sqlite-node"
      ),
      "src/Domain/Stock/Events.ts": use("everfold", "effect/Schema"),
      "src/Domain/Sales/Order.ts": use("everfold", "../Stock/Events.ts", "./Events.ts"),
      "src/Domain/Sales/Events.ts": "",
      "src/Services/Sales/Port.ts": use("everfold", "../../Domain/Sales/Order.ts"),
      "src/Layers/Sales/Module.ts": use(
        "everfold",
        "../../Services/Sales/Port.ts",
        "../../Domain/Stock/Events.ts"
      ),
      "src/Layers/Allocation/smtp/Notifier.ts": use(
        "everfold",
        "nodemailer",
        "node:net",
        "../../../Services/Allocation/Port.ts"
      ),
      "src/Services/Allocation/Port.ts": "",
      "src/Programs/Story.ts": use("everfold", "../Domain/Sales/Order.ts"),
      "src/Programs/bin/story.ts": use(
        "everfold/sqlite",
        "../Story.ts",
        "../../Layers/Sales/Module.ts",
        "../../Layers/Allocation/smtp/Notifier.ts",
        "node:fs"
      ),
      "src/Programs/stages/1-table/First.ts": use("better-sqlite3", "../../../Domain/Fold.ts", "./Queue.ts"),
      "src/Programs/stages/1-table/Queue.ts": ""
    }
    expect(await broken(house(files))).toEqual([])
  })
})

/** Whole files, each with the only rule that refuses it. */
const refused: Readonly<Record<string, readonly [rule: string | undefined, text: string]>> = {
  "src/Layers/Barrel.ts": ["no-restricted-imports", 'export { Effect } from "effect"'],
  "src/Layers/Floating.ts": [
    "@typescript-eslint/no-floating-promises",
    "export const go = () => { Promise.resolve(1) }"
  ],
  "src/Layers/Misused.ts": [
    "@typescript-eslint/no-misused-promises",
    "export const go = (all: Array<number>) => all.forEach(async (one) => { await one })"
  ],
  "src/Layers/Any.ts": ["@typescript-eslint/no-explicit-any", "export const it = (one: any): unknown => one"],
  "src/Domain/Cast.ts": [
    "@typescript-eslint/consistent-type-assertions",
    "export const it = (one: unknown) => one as string"
  ],
  "src/Services/Const.ts": [undefined, "export const it = [1, 2] as const"],
  "src/Domain/Log.ts": ["no-restricted-globals", 'export const it = () => console.log("it")'],
  "src/Domain/Sales/Order.ts": ["no-restricted-imports", 'export { Port } from "everfold"'],
  "src/Domain/Sales/Events.ts": [undefined, 'export { Fold } from "everfold"'],
  "src/Services/Sales/Port.ts": ["no-restricted-imports", 'export { Engine } from "everfold"'],
  "src/Services/Sales/Ports.ts": [undefined, 'export { Fold, Port } from "everfold"'],
  "src/Layers/Ignore.ts": [
    "no-restricted-syntax",
    'import * as Effect from "effect/Effect"\nexport const it = Effect.ignore(Effect.fail(1))'
  ],
  "src/Layers/Swallow.ts": [
    "no-restricted-syntax",
    'import * as Effect from "effect/Effect"\nexport const it = Effect.catchAll(Effect.fail(1), () => Effect.void)'
  ],
  "src/Layers/Daemon.ts": [
    "no-restricted-syntax",
    'import * as Effect from "effect/Effect"\nexport const it = Effect.forkDaemon(Effect.never)'
  ],
  "src/Layers/Queue.ts": [
    "no-restricted-syntax",
    'import * as Queue from "effect/Queue"\nexport const it = Queue.unbounded<number>()'
  ],
  "src/Layers/PubSub.ts": [
    "no-restricted-syntax",
    'import * as PubSub from "effect/PubSub"\nexport const it = PubSub.unbounded<number>()'
  ],
  "src/Services/Now.ts": ["no-restricted-syntax", "export const it = () => Date.now()"],
  "src/Programs/Today.ts": ["no-restricted-syntax", "export const it = () => new Date()"],
  "src/Domain/Then.ts": [undefined, "export const it = (millis: number) => new Date(millis)"],
  "src/Domain/Chance.ts": ["no-restricted-syntax", "export const it = () => Math.random()"],
  "src/Programs/Id.ts": ["no-restricted-syntax", "export const it = () => crypto.randomUUID()"],
  "src/Layers/Clock.ts": [undefined, "export const it = () => [new Date(), crypto.randomUUID()]"]
}

describe("the lint", () => {
  it("refuses what the style forbids", { timeout: 60_000 }, async () => {
    const folder = house({
      "src/index.ts": [
        'export * as Fold from "./Domain/Fold.ts"',
        'export * as Port from "./Services/Port.ts"',
        'export * as Engine from "./Layers/Engine.ts"'
      ].join("\n"),
      "src/Domain/Fold.ts": "",
      "src/Services/Port.ts": "",
      "src/Layers/Engine.ts": "",
      ...Object.fromEntries(Object.entries(refused).map(([file, [, text]]) => [file, `${text}\n`]))
    })
    const results = await new ESLint({ cwd: folder }).lintFiles(["src"])
    const found = results.map(({ filePath, messages }) => [
      path.relative(folder, filePath),
      messages.map((message) => message.ruleId ?? message.message)
    ])
    expect(Object.fromEntries(found)).toMatchObject(
      Object.fromEntries(
        Object.entries(refused).map(([file, [rule]]) => [file, rule === undefined ? [] : [rule]])
      )
    )
  })

  it("is switched off only with a reason", () => {
    const files = fs.readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    const silent = files.filter((file) => {
      if (!file.endsWith(".ts")) return false
      const text = fs.readFileSync(path.join(root, "src", file), "utf8")
      return /eslint-disable(?!.* -- \S)|@effect-diagnostics(?!.* -- \S)|@ts-(ignore|nocheck)/.test(text)
    })
    expect(silent).toEqual([])
  })
})

describe("the Effect check", () => {
  it("refuses a floating Effect", { timeout: 60_000 }, () => {
    const folder = house({
      "src/Layers/Floating.ts":
        'import * as Effect from "effect/Effect"\nEffect.log("lost")\nexport const it = 1\n',
      "src/Layers/Held.ts": 'import * as Effect from "effect/Effect"\nexport const it = Effect.log("held")\n'
    })
    const { status, stdout } = spawnSync("npm", ["run", "check:effects"], { cwd: folder, encoding: "utf8" })
    expect(stdout.match(/^src.* error .*$/gm)).toEqual([
      expect.stringMatching(/^src\/Layers\/Floating[.]ts\(2,1\): error effect\(floatingEffect\)/)
    ])
    expect(status).not.toBe(0)
  })
})
