/** What the runner prints: plain text, 80 wide, and every row as soon as it is known. */
import { together, type Fault } from "./Fault.ts"
import type { Trial } from "./Round.ts"

/** A line that begins a part. */
export const heading = (title: string): string => `\n${`── ${title} `.padEnd(80, "─")}`

/** Names, titles and counts. */
export const list = (faults: ReadonlyArray<Fault>): ReadonlyArray<string> => {
  const width = Math.max(0, ...faults.map(({ name }) => name.length))
  return faults.map(
    ({ ci, full, name, title }) =>
      `  ${name.padEnd(width)}  ${count(ci).padStart(5)} of ${count(full).padEnd(6)}  ${title}`
  )
}

/** The names of the columns. */
export const header: string = columns(" ", "fault", "runs", "violations", "seconds")

/** A fault, with all its schedules. */
export const row = ({ title }: Fault, trials: ReadonlyArray<Trial>): string => {
  if (trials.length === 0) return columns("–", title, "not tried")
  const { runs, skipped, violations } = together(trials.map(({ outcome }) => outcome))
  if (skipped !== undefined) return `${columns("–", title, "skipped")}\n      ${skipped}`
  const seconds = trials.reduce((sum, one) => sum + one.seconds, 0)
  const mark = violations.length > 0 ? "✗" : "✓"
  return columns(mark, title, count(runs), count(violations.length), seconds.toFixed(1))
}

/** The tables of a fault's own. */
export const details = ({ fault, outcome: { lines = [] }, schedule }: Trial): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [heading(`${fault.title}, seed ${schedule.seed}`), ...lines.map(indented)]

/** What did not hold, and how to see it again. */
export const violations = ({ fault, outcome, schedule }: Trial): ReadonlyArray<string> => {
  const { length } = outcome.violations
  if (length === 0) return []
  return [
    heading(`✗ ${fault.title}, seed ${schedule.seed}`),
    ...outcome.violations.slice(0, spelledOut).map((violation) => indented(ownLines(violation))),
    ...(length > spelledOut ? [indented(`and ${count(length - spelledOut)} more`)] : []),
    "",
    "  Again:",
    `  npm run test:faults -- --only ${fault.name} --seed ${schedule.seed} --runs ${schedule.runs}`
  ]
}

// internal

const spelledOut = 10

const count = (n: number) => n.toLocaleString("en")

/** Without the lines of a stack that are not ours. */
const ownLines = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/^\s+at .*node_modules|^\s*\d+: 0x|^npm warn/.test(line))
    .join("\n")
    .trimEnd()

const indented = (text: string) => text.replace(/^(?=.)/gm, "  ")

function columns(mark: string, title: string, runs: string, violations = "", seconds = "") {
  return `  ${mark} ${title.padEnd(44)}${runs.padStart(9)}${violations.padStart(12)}${seconds.padStart(10)}`.trimEnd()
}
