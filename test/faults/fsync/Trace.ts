/** What a program did to the disk and what it said, line by line, and whether it said the truth. */

/** Who writes, how often, and by which road. */
export interface Case {
  readonly road: "append" | "handle"
  readonly callers: number
  /** Of each caller. */
  readonly commits: number
}

/** What is written, one case after the other. */
export const cases: ReadonlyArray<Case> = (["append", "handle"] as const).flatMap((road) => [
  { road, callers: 1, commits: 50 },
  { road, callers: 100, commits: 3 }
])

export const name = ({ callers, road }: Case): string =>
  `${road}, ${callers === 1 ? "one caller" : `${callers} callers`}`

/** What makes a commit findable in the pages that are written. */
export const text = (mark: number): string => `everfold-mark:${mark}.`

/** How often a case was tried, and what was acknowledged although a power cut could have taken it back. */
export interface Findings {
  readonly commits: number
  readonly syncs: number
  readonly violations: ReadonlyArray<string>
}

/** Checks each case of a trace. */
export const check = (trace: string): ReadonlyArray<Findings> =>
  cases.map((one) => {
    const heading = `case ${name(one)}\n`
    const [, lines = ""] = `${trace}case `.split(heading)
    return checkCase(one, lines.slice(0, lines.indexOf("case ")).trimEnd().split("\n"))
  })

/**
 * Holds when of every commit the first write, a sync that completed after it, and the acknowledgement follow each
 * other. With one caller, nothing at all may be unsynced when it is told that its commit is durable.
 */
export const checkCase = (one: Case, lines: ReadonlyArray<string>): Findings => {
  const violations: Array<string> = []
  const open = new Set<string>()
  const written = new Map<string, number>()
  let [commits, syncs, lastSync, lastWrite] = [0, 0, -1, -1]

  const problem = (mark: string) => {
    const first = written.get(mark)
    if (!open.delete(mark)) return "was acknowledged, but not begun"
    if (first === undefined) return "was acknowledged, but not written"
    if (first > lastSync) return "was acknowledged before a sync"
    if (one.callers === 1 && lastWrite > lastSync) return "was acknowledged before all of it was synced"
    return undefined
  }

  lines.forEach((text, line) => {
    const [what, ...marks] = text.split(" ")
    const [mark = ""] = marks
    if (what === "take") open.add(mark)
    if (what === "sync") {
      syncs += 1
      lastSync = line
    }
    if (what === "write") {
      lastWrite = line
      for (const mark of marks) if (!written.has(mark)) written.set(mark, line)
    }
    if (what === "ack") {
      commits += 1
      const why = problem(mark)
      if (why !== undefined) violations.push(`${name(one)}: commit ${mark} ${why}`)
    }
  })
  const expected = one.callers * one.commits
  if (commits !== expected)
    violations.push(`${name(one)}: ${commits} of ${expected} commits were acknowledged`)
  return { commits, syncs, violations }
}
