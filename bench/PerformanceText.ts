/** What the page on performance says besides its figures. */
import type { Effort } from "./Contest.ts"
import type { Machine } from "./Machine.ts"
import type { Outcome } from "./Reach.ts"

type Lines = ReadonlyArray<string>

export const opening: Lines = [
  "<!-- Written by `npm run bench:document`, as are its charts. Do not edit. -->",
  "",
  "# Performance",
  "",
  "everfold writes each event to a log and keeps rows up to date that are made from it. How fast is that? A figure alone",
  "says little, as it is another one on each machine. So whoever does the same work takes part in the same minutes:",
  "",
  "- **everfold**: the whole of it through its public doors, with all that it promises switched on. Commands and events",
  "  are checked and decoded by Schemas, a command that comes twice is written once, and rows move together with their",
  "  position in the log.",
  "- **by hand, equal**: better-sqlite3 and prepared statements, into files that everfold has made: its tables, its",
  "  triggers, the same rows. It is how fast everfold could be if its own code took no time.",
  "- **by hand, bare**: the same on the fewest tables that can be called a log: no ids of commands, no checksums, no",
  "  triggers.",
  "- **Emmett, Castore, Act**: libraries for TypeScript that do what everfold does, used as their documentation",
  "  recommends, with the settings that were the fastest.",
  "- **Python**: the design from which everfold's example grew.",
  "",
  "They deposit money into accounts, a deposit has about 150 bytes, and a projection has a row for each account.",
  "With `FULL` a commit has reached the disk when it returns, and survives a power cut. With `NORMAL` the last",
  "commits may be lost in one, and nothing else. `memory` is a log without files.",
  ""
]

export const goals = (outcomes: ReadonlyArray<Outcome>): Lines => {
  const times = (verdict: Outcome["verdict"]) => outcomes.filter((one) => one.verdict === verdict).length
  return [
    "## What was to be reached",
    "",
    "The goals were set before the work began. A ratio of 2 is twice as fast, unless the line speaks of something else",
    "than speed; it is the median of the ratios of all rounds, and beside it are the lowest and the highest.",
    `Of ${outcomes.length} goals ${times("reached")} are reached, ${times("short")} are short, and` +
      ` ${times("not measured")} were not measured.`,
    ""
  ]
}

export const growth: Lines = [
  "A log only ever becomes longer. Here each piece of work is done on logs that have so many events when it begins,",
  "every commit is synced to the disk, and what counts is how many times as much it costs on the longest log as on the",
  "shortest: `× 1.00` is no growth. What is measured is appended to the log, and so it is done only a few times in a",
  "row: compare the lengths, not these figures with those of other rows. By hand the same tables grow, and what a",
  "larger file costs there it costs everybody.",
  ""
]

export const writers: Lines = [
  "Each writer sends one command after the other to a stream of its own, and a projection is kept up to date beside",
  "them. Commits that wait at the same time share a transaction, and so a sync of the disk.",
  ""
]

export const figures: Lines = [
  "The median of the rounds, the slowest and the fastest, and how long one takes. `of bare` and `of equal` are ratios",
  "to the two programs written by hand. `processors` is what all threads together have worked for one, and `memory` the",
  "most that the process has had.",
  ""
]

/** What a row is about. */
export const row = (name: string): Lines => {
  const text = rows[name]
  return text === undefined ? [] : [text, ""]
}

export const machine = ({ arch, cpu, cpus, node, platform }: Machine, effort: Effort): Lines => [
  "## The machine, and how to repeat it",
  "",
  `${cpu}, ${cpus} processors, ${platform} ${arch}, Node ${node}.`,
  `Rounds that count: ${effort.rounds}, after ${effort.warmup} that do not; fewer where a row takes long.`,
  "",
  "```sh",
  "npm ci",
  "npm ci --prefix bench        # the libraries that everfold is compared with",
  "npm run bench -- --json bench/figures.json",
  "npm run bench:document       # writes this page and its charts",
  "```",
  "",
  "Each contender is a process of its own. In a round each has a turn at each piece of work, in an order that is turned",
  "round the next time, and ratios are taken within a round: a slow moment is slow for all. Ratios hold on other",
  "machines better than figures do. The files lie in the folder for temporary files (`TMPDIR`), which should be on a",
  "disk: where a sync costs nothing, `FULL` looks better than it is. What each row does is in `bench/rows` and",
  "`bench/growth`.",
  ""
]

// internal

const rows: Readonly<Record<string, string>> = {
  append: "Commits to 1,000 streams in turns, without commands.",
  command:
    "Commands with a projection beside them: state, decision, append, and the row of the account. A lone caller sends" +
    " to streams that nobody has touched before, so that their 8 events are read.",
  "catch-up":
    "A projection is built from the whole log beside the rows that are served, and takes their place.",
  read: "The state of an account from its stream, and every event of the log, all of them decoded.",
  load: "The state before a command: of a short stream, and of a long one that has a snapshot.",
  latency: "One caller, and nobody else: how soon the row shows what the command did, in the median.",
  start: "A program starts in an empty folder and does a command.",
  memory: "A projection is built from the whole log by a program that does nothing else.",
  growth: "Appends to logs of a given length and reads of them, with `FULL`.",
  "growth-command": "Commands with a projection beside them, on logs of a given length, with `FULL`.",
  writers: "Commands of several writers at once, with a projection beside them."
}
