/** The package.json of everfold, from its sources and from what is built of them alike. */
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)

const manifest: {
  readonly version: string
  readonly peerDependencies: { readonly [name: string]: string }
} = require("../../../package.json")

/** Of this release. */
export const version = manifest.version

/** The packages that everfold uses and that are not installed, each with the versions that fit. */
export const missing = (): ReadonlyArray<string> =>
  Object.entries(manifest.peerDependencies)
    .filter(([name]) => !isInstalled(name))
    .map(([name, range]) => `${name}@${range}`)

// internal

const isInstalled = (name: string) => {
  try {
    return require.resolve(name) !== ""
  } catch {
    return false
  }
}
