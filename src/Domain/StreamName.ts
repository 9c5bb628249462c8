/** Names of streams: `<Category>-<id>`. */

/** What a stream name looks like, so that every store and every tool can hold it. */
export const rule = "<Category>-<id>, at most 200 letters, digits and _ . : -"

export const isValid = (stream: string): boolean =>
  stream.length <= 200 && /^[A-Za-z][A-Za-z0-9_]*-[A-Za-z0-9_.:-]+$/.test(stream)

/** What stands before the first `-`. */
export const category = (stream: string): string => stream.slice(0, stream.indexOf("-"))
