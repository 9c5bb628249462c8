/** `npm run bench:document`: writes docs/performance.md and its charts, from the figures of the last whole run. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { goals } from "./Goals.ts"
import * as PerformancePage from "./PerformancePage.ts"

const root = join(import.meta.dirname, "..")
const findings: PerformancePage.Findings = JSON.parse(
  await readFile(join(import.meta.dirname, "figures.json"), "utf8")
)

// A chart that is no longer drawn must not stay.
await rm(join(root, "docs/performance"), { recursive: true, force: true })
await mkdir(join(root, "docs/performance"))
for (const [file, text] of Object.entries(PerformancePage.files(findings, goals))) {
  await writeFile(join(root, file), text)
}
