/** JSON for a review: fields sorted, and whatever fits into a line in one line. */
import * as Text from "../Text.ts"

/** The text of a JSON value, with a line break at its end. */
export const print = (value: unknown): string => `${lines(value, "", 0)}\n`

// internal

const width = 100

/** A value that is to stand behind so many characters of its first line. */
const lines = (value: unknown, indent: string, behind: number): string => {
  const short = line(value)
  if (indent.length + behind + short.length < width || typeof value !== "object" || value === null)
    return short
  const deeper = `${indent}  `
  const [open, close] = Array.isArray(value) ? "[]" : "{}"
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => deeper + lines(item, deeper, 0))
    : fieldsOf(value).map(([name, field]) => {
        const key = `${JSON.stringify(name)}: `
        return deeper + key + lines(field, deeper, key.length)
      })
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`
}

const line = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(line).join(", ")}]`
  const parts = fieldsOf(value).map(([name, field]) => `${JSON.stringify(name)}: ${line(field)}`)
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`
}

const fieldsOf = (value: object): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(value).sort(([one], [other]) => Number(one) - Number(other) || Text.compare(one, other))
