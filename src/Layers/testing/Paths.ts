/** Where the properties of a value are: `supplier.name`, or `items.[].price` for those within an array. */

/** From the outermost property inwards; `[]` stands for each item of an array. */
export type Path = ReadonlyArray<string>

/** How a path is written. */
export const show = (path: Path): string => path.join(".")

/** The paths of everything within a value, by how they are written; what is `undefined` is not there. */
export const of = (value: unknown, before: Path = []): ReadonlyMap<string, Path> => {
  const paths = new Map<string, Path>()
  for (const [key, part] of partsOf(value, before.length === 0)) {
    const path = [...before, key]
    paths.set(show(path), path)
    for (const [name, inner] of of(part, path)) paths.set(name, inner)
  }
  return paths
}

/** The first value, with what the second one has at a path. */
export const replaced = (one: unknown, other: unknown, [key, ...rest]: Path): unknown => {
  if (key === undefined) return other
  if (Array.isArray(one)) {
    const others: ReadonlyArray<unknown> = Array.isArray(other) ? other : []
    return one.map((item: unknown, index) => (index in others ? replaced(item, others[index], rest) : item))
  }
  if (!isObject(one) || !isObject(other)) return one
  if (rest.length > 0 && !(key in one && key in other)) return one
  const part = replaced(Reflect.get(one, key), Reflect.get(other, key), rest)
  return { ...one, [key]: part }
}

// internal

/** What else an object may be (a date, a map) has no properties that would mean anything. */
const partsOf = (value: unknown, outermost: boolean): ReadonlyArray<readonly [string, unknown]> => {
  if (Array.isArray(value)) return value.map((item: unknown) => ["[]", item])
  return isObject(value) && (outermost || isPlain(value))
    ? Object.entries(value).filter(([, part]) => part !== undefined)
    : []
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
