/** How texts are measured, ordered and searched, so that every store gives the same answer. */

/** How many bytes a text has in UTF-8. */
export const bytes = (text: string): number =>
  beyondAscii.test(text) ? utf8.encode(text).length : text.length

/** Whether a text has more bytes than this in UTF-8, where one of JavaScript's characters has three at most. */
export const exceeds = (text: string, limit: number): boolean =>
  text.length * 3 > limit && bytes(text) > limit

/** Orders by code point, as the stores do; JavaScript's own `<` compares UTF-16 units. */
export const compare = (left: string, right: string): -1 | 0 | 1 => {
  let at = 0
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1
  const a = left.codePointAt(at) ?? -1
  const b = right.codePointAt(at) ?? -1
  return a < b ? -1 : a > b ? 1 : 0
}

/** What two texts have in common that a searcher holds for the same: compatible forms, any case, any sigma. */
export const fold = (text: string): string =>
  text.toWellFormed().normalize("NFKC").toLowerCase().replaceAll("ς", "σ")

/** The text of a row that a search looks through. */
export const searchable = (
  fields: ReadonlyArray<string>,
  row: { readonly [field: string]: unknown }
): string => (fields.length === 0 ? "" : fold(fields.map((field) => String(row[field] ?? "")).join("\n")))

// internal

const utf8 = new TextEncoder()

const beyondAscii = /\P{ASCII}/u
