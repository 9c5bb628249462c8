/** What settings mean that several rows have. */
import type { Setting } from "./Row.ts"

/** SQLite's `synchronous`. */
export const onDisk: ReadonlyArray<Setting> = ["FULL", "NORMAL"]

/** Without files. */
export const memory: Setting = "memory"

/** On a disk that needs a millisecond longer for each sync. */
export const slowSync: Setting = "FULL, a sync of 1 ms"

/** How sure a commit is. */
export const durability = (setting: Setting): "FULL" | "NORMAL" =>
  setting.startsWith("FULL") ? "FULL" : "NORMAL"
