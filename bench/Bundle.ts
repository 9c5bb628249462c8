/** Programs of the bench, each with all that it imports, so that they start in a fraction of the time. */
import { build, type Plugin } from "esbuild"
import { rmSync } from "node:fs"
import { mkdir, mkdtemp, readFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"

/** Bundles a program of this folder to a file from which `node` finds what is installed, until this process ends. */
export const of = async (program: string): Promise<string> => {
  const cache = join(import.meta.dirname, "node_modules", ".cache")
  await mkdir(cache, { recursive: true })
  const outdir = await mkdtemp(join(cache, "everfold-"))
  process.once("exit", () => rmSync(outdir, { recursive: true }))
  await build({
    entryPoints: [join(import.meta.dirname, program)],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported while the program runs is read then, and only then.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["source"],
    external: ["better-sqlite3", "esbuild", ...(await rivals())],
    plugins: [inPlace]
  })
  return join(outdir, `${basename(program, ".ts")}.mjs`)
}

// internal

/** Packages that need not be installed. */
const rivals = async (): Promise<ReadonlyArray<string>> => {
  const { dependencies = {} } = JSON.parse(await readFile(join(import.meta.dirname, "package.json"), "utf8"))
  return Object.keys(dependencies)
}

/** A module finds its neighbours where its source is. */
const inPlace: Plugin = {
  name: "in-place",
  setup: (build) =>
    build.onLoad({ filter: /[.]ts$/ }, async ({ path }) => ({
      loader: "ts",
      contents: (await readFile(path, "utf8")).replace(
        /import[.]meta[.]dirname/g,
        JSON.stringify(dirname(path))
      )
    }))
}
