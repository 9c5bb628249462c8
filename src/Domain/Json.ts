/** What JSON text can say without losing or changing anything. */

/** Where a value is something that JSON cannot say; `undefined` when it is JSON through and through. */
export const problem = (value: unknown, path = ""): string | undefined => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined
    case "number":
      return Number.isFinite(value) ? undefined : `${value}${at(path)} is no number in JSON`
    case "object":
      return value === null ? undefined : problemWithin(value, path)
    default:
      return `a value of type ${typeof value}${at(path)} is not JSON`
  }
}

/**
 * Whether a value has a key `__proto__` somewhere within, which a Schema would lose or take for a prototype when
 * it encodes the value.
 */
export const hasProtoKey = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, "__proto__") || Object.values(value).some(hasProtoKey))

// internal

const at = (path: string): string => (path === "" ? "" : ` at ${path.slice(1)}`)

const problemWithin = (value: object, path: string): string | undefined => {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = problem(item, `${path}.${index}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return `an object of a class${at(path)} is not JSON`
  for (const [key, field] of Object.entries(value)) {
    // It would become the prototype of whatever is decoded.
    if (key === "__proto__") return `a key __proto__${at(path)} is refused`
    const found = field === undefined ? undefined : problem(field, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
