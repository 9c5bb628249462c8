/** Ids of commits, made as cheaply as can be: as long as a UUIDv7 and, like it, in the order of time. */

let made = 0

/** Unique within a log that begins with this program. */
export const nextId = (): string => `01938a5e-7000-7000-8000-${String((made += 1)).padStart(12, "0")}`
