/** Names that programs give and stores keep, checked where they are declared: one that cannot work fails there. */

/** What has such a name. */
export type Named = keyof typeof rules

/** Throws if this name cannot be that of such a thing. */
export const check = (what: Named, name: string): void => {
  const { pattern, says } = rules[what]
  if (pattern.test(name) && name.isWellFormed()) return
  throw new TypeError(`${JSON.stringify(name)} cannot name ${what}: ${says}`)
}

// internal

/** Of what a stream's name begins with: something must be able to follow. */
const category = {
  pattern: /^[A-Za-z][A-Za-z0-9_]{0,197}$/,
  says: 'a letter, then letters, digits and _ only, no "-", at most 198 in all'
}

const identifier = { pattern: /^[A-Za-z0-9_-]+$/, says: "letters, digits, _ and - only" }

const printable = { pattern: /^\P{Cc}+$/u, says: "printable characters only" }

/** Of what the ids of its commits begin with: the position and the number of a timer must be able to follow. */
const sender = { pattern: /^\P{Cc}{1,160}$/u, says: "at most 160 characters, all of them printable" }

const rules = {
  "an aggregate": category,
  "a projection": identifier,
  "an index": identifier,
  "a table projection": printable,
  "a reaction": sender,
  "a process": sender,
  "a subscriber": printable
}
