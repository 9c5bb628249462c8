/** What settings mean that several rows have. */
import type { Setting } from "./Row.ts"

/** SQLite's `synchronous`. */
export const onDisk: ReadonlyArray<Setting> = ["FULL", "NORMAL"]

/** Without files. */
export const memory: Setting = "memory"

/** On a disk that needs a millisecond longer for each sync. */
export const slowSync: Setting = "FULL, a sync of 1 ms"

/** In a Node that lets new objects grow to 64 MB, instead of 16, before it looks which of them are still needed. */
export const roomy: Setting = "FULL, --max-semi-space-size=64"

/** How sure a commit is. */
export const durability = (setting: Setting): "FULL" | "NORMAL" =>
  setting.startsWith("FULL") ? "FULL" : "NORMAL"
