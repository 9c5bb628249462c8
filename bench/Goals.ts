/** What everfold is to reach, as data: each goal compares two scores of one row. */
import type { Name, Setting } from "./Row.ts"
import { slowSync } from "./Setting.ts"

/** A score. */
export interface Ref {
  readonly row: string
  readonly case: string
  readonly name: Name
  readonly setting: Setting
}

/** What is compared: speeds, the seconds that something takes, peaks of memory, or how many commands were refused. */
export type Measure = "speed" | "seconds" | "memory" | "refusals"

export interface Goal {
  readonly work: string
  readonly against: string
  readonly score: Ref
  readonly reference: Ref
  readonly reach: { readonly atLeast: number } | { readonly atMost: number }
  /** Default: speed. */
  readonly measure?: Measure
  /** Why it is short, where it is. */
  readonly why?: string
}

/** Why goals are short that have the same reason. */
const lone =
  "around SQLite's own work stand the writer, which is another fiber, and the transaction, which may end in many ways; after each sync all of it runs with cold caches"
const sequential =
  "nobody shares anything with a lone caller: each command has two transactions, is encoded, read back and decoded for its receipt, and takes many small steps of fibers, which together cost more than SQLite"
const crowded =
  "each caller is a fiber, and much of the time goes to the collection of what they leave behind"

/** The goals of the whole bench, in the order in which they are shown. */
export const goals: ReadonlyArray<Goal> = [
  ...[
    { setting: "FULL", atLeast: 0.75 },
    { setting: "NORMAL", atLeast: 0.6 }
  ].map(({ atLeast, setting }): Goal => ({
    work: `single append, ${setting}`,
    against: "equal by hand",
    score: of("append", "1 event", "everfold", setting),
    reference: of("append", "1 event", "equal", setting),
    reach: { atLeast },
    why: lone
  })),
  ...[
    { size: "100", atLeast: 0.7 },
    { size: "1,000", atLeast: 0.85 }
  ].map(({ atLeast, size }): Goal => ({
    work: `batch append of ${size} events`,
    against: "equal by hand",
    score: of("append", `${size} events`, "everfold", "FULL"),
    reference: of("append", `${size} events`, "equal", "FULL"),
    reach: { atLeast },
    why: "each event is checked, and becomes an object of its own, before it is written"
  })),
  ...[
    { setting: "NORMAL", atLeast: 4 },
    { setting: "FULL", atLeast: 3 }
  ].map(({ atLeast, setting }): Goal => ({
    work: `sequential commands, ${setting}`,
    against: "Emmett, one connection",
    score: of("command", "1 caller", "everfold", setting),
    reference: of("command", "1 caller", "emmett", setting),
    reach: { atLeast },
    why: sequential
  })),
  {
    work: "1,000 callers, 1,000 streams",
    against: "bare single appends",
    score: crowd("everfold"),
    reference: of("command", "single appends", "bare", "FULL"),
    reach: { atLeast: 1.5 },
    why: crowded
  },
  {
    work: "1,000 callers, 1,000 streams",
    against: "Emmett, best setting",
    score: crowd("everfold"),
    reference: crowd("emmett"),
    reach: { atLeast: 6 },
    why: crowded
  },
  {
    work: "the same, a sync of 1 ms",
    against: "one command after the other",
    score: crowd("everfold", slowSync),
    reference: of("command", "one after the other, 1,000 streams", "everfold", slowSync),
    reach: { atLeast: 12 },
    why: crowded
  },
  {
    work: "20 callers, one hot stream",
    against: "refused by a conflict",
    score: of("command", "20 callers, 1 stream", "everfold", "FULL"),
    reference: of("command", "20 callers, 1 stream", "everfold", "FULL"),
    reach: { atMost: 0 },
    measure: "refusals"
  },
  {
    work: "20 callers, one hot stream",
    against: "1,000 callers, 1,000 streams",
    score: of("command", "20 callers, 1 stream", "everfold", "FULL"),
    reference: crowd("everfold"),
    reach: { atLeast: 0.5 }
  },
  ...[
    { size: "10", atLeast: 0.7 },
    { size: "1,000", atLeast: 1 },
    { size: "10,000", atLeast: 1 }
  ].map(({ atLeast, size }): Goal => ({
    work: `fold a stream of ${size} events, typed`,
    against: "equal read, JSON.parse",
    score: of("read", `state after ${size} events`, "everfold", "FULL"),
    reference: of("read", `state after ${size} events`, "equal", "FULL"),
    reach: { atLeast },
    why: "by hand nobody looks at a field; here each is looked at, and a read is several steps of a fiber"
  })),
  {
    work: "load from a snapshot, 100,000 events",
    against: "load of a stream of 10",
    score: of("load", "stream of 100,000, from a snapshot", "everfold", "FULL"),
    reference: of("load", "stream of 10", "everfold", "FULL"),
    reach: { atLeast: 0.5 }
  },
  {
    work: "scan of the whole log, typed Stream",
    against: "equal pages, JSON.parse",
    score: of("read", "whole log of 40,000", "everfold", "FULL"),
    reference: of("read", "whole log of 40,000", "equal", "FULL"),
    reach: { atLeast: 0.9 },
    why: "each event gets its envelope, and its metadata are parsed and looked at, which by hand nobody reads"
  },
  ...[
    { batch: "1,000", atLeast: 0.85 },
    { batch: "100", atLeast: 0.7 }
  ].map(({ atLeast, batch }): Goal => ({
    work: `rebuild, batches of ${batch}`,
    against: "equal upserts, checkpoint",
    score: rebuild("everfold", `NORMAL, ${batch} a batch`),
    reference: rebuild("equal", `NORMAL, ${batch} a batch`),
    reach: { atLeast },
    why: "by hand only payloads are read; here each event comes whole, with its envelope and metadata, and a page has two more transactions to begin"
  })),
  {
    work: "rebuild, best batch",
    against: "Emmett's consumer, best batch",
    score: rebuild("everfold", "NORMAL"),
    reference: rebuild("emmett", "NORMAL"),
    reach: { atLeast: 25 }
  },
  {
    work: "rebuild, best batch",
    against: "the seeds' Python",
    score: rebuild("everfold", "NORMAL"),
    reference: of("catch-up", "2,000 events, 100 rows", "python", "as it is"),
    reach: { atLeast: 40 }
  },
  {
    work: "command to row visible, p50",
    against: "equal append and upsert",
    score: of("latency", "a command until its row is visible", "everfold", "FULL"),
    reference: of("latency", "a command until its row is visible", "equal", "FULL"),
    reach: { atMost: 2.5 },
    why: sequential,
    measure: "seconds"
  },
  {
    work: "sequential commands in memory",
    against: "Emmett in memory",
    score: of("command", "1 caller", "everfold", "memory"),
    reference: of("command", "1 caller", "emmett", "memory"),
    reach: { atLeast: 1 },
    why: "a command and its events are encoded, checked and decoded as on a disk; Emmett keeps the objects that it is given"
  },
  {
    work: "peak memory, replay of 1,000,000",
    against: "replay of 100,000",
    score: of("memory", "replay", "everfold", "1,000,000 events"),
    reference: of("memory", "replay", "everfold", "100,000 events"),
    reach: { atMost: 1.2 },
    why: "not looked into yet: nothing is kept of what was read, but the heap is larger at the end",
    measure: "memory"
  },
  {
    work: "start to the first command done",
    against: "the seeds' Python",
    score: of("start", "the first command", "everfold", "FULL"),
    reference: of("start", "the first command", "python", "as it is"),
    reach: { atMost: 3 },
    measure: "seconds"
  }
]

// internal

function of(row: string, name: string, who: Name, setting: Setting): Ref {
  return { row, case: name, name: who, setting }
}

function crowd(who: Name, setting: Setting = "FULL"): Ref {
  return of("command", "1,000 callers, 1,000 streams", who, setting)
}

function rebuild(who: Name, setting: Setting): Ref {
  return of("catch-up", "20,000 events, 1,000 rows", who, setting)
}
