/** A program of a test and all that it imports in one file: it starts in a fifth of the time. */
import { build } from "esbuild"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import { basename, join } from "node:path"

/** The file to start `node` with, for a program of this project. It finds the driver from where it is. */
export const of = (program: string): Effect.Effect<string> =>
  Effect.promise(() => {
    const bundle = bundles.get(program) ?? make(program)
    bundles.set(program, bundle)
    return bundle
  })

// internal

const bundles = new Map<string, Promise<string>>()

const folder = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "everfold")

const make = async (program: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["source"],
    external: ["better-sqlite3"],
    // Some of what is bundled asks for modules in the older way.
    banner: { js: `import { createRequire as r } from "node:module"; const require = r(import.meta.url);` }
  })
  const text = outputFiles.map((file) => file.text).join("")
  const name = `${basename(program, ".ts")}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.mjs`
  fs.mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  // Others may be making the same.
  fs.writeFileSync(`${file}.${process.pid}`, text)
  fs.renameSync(`${file}.${process.pid}`, file)
  return file
}
