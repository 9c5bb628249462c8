/** What JSON text can say without losing or changing anything. */

/** Where a value is something that JSON cannot say; `undefined` when it is JSON through and through. */
export const problem = (value: unknown): string | undefined => {
  const found = search(value)
  return found?.say(found.path === "" ? "" : ` at ${found.path.slice(1)}`)
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

/** What JSON cannot say, and the way to it from the value that was searched. */
interface Found {
  readonly path: string
  readonly say: (place: string) => string
}

const search = (value: unknown): Found | undefined => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined
    case "number":
      return Number.isFinite(value) ? undefined : here((place) => `${value}${place} is no number in JSON`)
    case "object":
      return value === null ? undefined : Array.isArray(value) ? searchItems(value) : searchFields(value)
    default:
      return here((place) => `a value of type ${typeof value}${place} is not JSON`)
  }
}

const searchItems = (items: ReadonlyArray<unknown>): Found | undefined => {
  for (const [index, item] of items.entries()) {
    const found = search(item)
    if (found !== undefined) return below(index, found)
  }
  return undefined
}

const searchFields = (value: object): Found | undefined => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return here((place) => `an object of a class${place} is not JSON`)
  for (const [key, field] of Object.entries(value)) {
    // It would become the prototype of whatever is decoded.
    if (key === "__proto__") return here((place) => `a key __proto__${place} is refused`)
    const found = field === undefined ? undefined : search(field)
    if (found !== undefined) return below(key, found)
  }
  return undefined
}

const here = (say: Found["say"]): Found => ({ path: "", say })

const below = (key: string | number, { path, say }: Found): Found => ({ path: `.${key}${path}`, say })
