/** Programs of tests, each with all that it imports in one file: they start in a fifth of the time. */
import { build, type BuildOptions, type Plugin } from "esbuild"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import { basename, dirname, join } from "node:path"
import { pathToFileURL } from "node:url"

/** The file to start `node` with, for a program of this project. */
export const of = (program: string): Effect.Effect<string> => once(program, { entryPoints: [program] })

/** The same for a text that is a program, which knows its sources; the files that it imports are named in full. */
export const ofText = (name: string, text: string): Effect.Effect<string> =>
  once(name, {
    stdin: { contents: text, resolveDir: import.meta.dirname },
    sourcemap: "inline",
    sourcesContent: false
  })

// internal

const once = (name: string, entry: BuildOptions) =>
  Effect.promise(() => {
    const key = JSON.stringify(entry)
    const bundle = bundles.get(key) ?? make(basename(name, ".ts"), entry)
    bundles.set(key, bundle)
    return bundle
  })

const bundles = new Map<string, Promise<string>>()

/** From here the native driver is found. */
const folder = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "everfold")

const make = async (name: string, entry: BuildOptions): Promise<string> => {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    write: false,
    outfile: join(folder, `${name}.mjs`),
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["source"],
    external: ["better-sqlite3", "esbuild"],
    plugins: [inPlace],
    // Some of what is bundled asks for modules in the older way.
    banner: { js: `import { createRequire as r } from "node:module"; const require = r(import.meta.url);` }
  })
  const program = outputFiles.map((file) => file.text).join("")
  const digest = createHash("sha256").update(program).digest("hex").slice(0, 16)
  const file = join(folder, `${name}-${digest}.mjs`)
  fs.mkdirSync(folder, { recursive: true })
  // Others may be making the same.
  fs.writeFileSync(`${file}.${process.pid}`, program)
  fs.renameSync(`${file}.${process.pid}`, file)
  return file
}

/** A module finds its neighbours where its source is. */
const inPlace: Plugin = {
  name: "in-place",
  setup: (build) =>
    build.onLoad({ filter: /[.]ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: fs
        .readFileSync(path, "utf8")
        .replace(/\bimport[.]meta[.]dirname\b/g, JSON.stringify(dirname(path)))
        .replace(/\bimport[.]meta[.]filename\b/g, JSON.stringify(path))
        .replace(/\bimport[.]meta[.]url\b/g, JSON.stringify(pathToFileURL(path).href))
    }))
}
