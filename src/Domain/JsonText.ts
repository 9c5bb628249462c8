/**
 * Reads JSON text that may come from anybody. It lets through what every reader understands in the same way
 * (I-JSON, RFC 7493) and what JavaScript would write as it was read.
 *
 * `JSON.parse` alone keeps the last of two equal keys, rounds integers beyond 2^53, and builds a value as deep as
 * it is asked to. So the text is looked through first: once, token by token, without recursion.
 */
import * as Either from "effect/Either"

/** How large a text may be, and how deep. */
export interface Limits {
  /** Bytes of UTF-8. */
  readonly bytes: number
  /** Arrays and objects within each other. */
  readonly depth: number
}

/** Why a text is refused, and where. */
export interface Problem {
  readonly reason:
    "TooLarge" | "TooDeep" | "NotUnicode" | "NotJson" | "ForbiddenKey" | "DuplicateKey" | "UnsafeNumber"
  /** Keys and indexes, from the outermost; of a long key its beginning. */
  readonly path: ReadonlyArray<string | number>
  readonly details: string
}

/** The value of a text, or of its bytes in UTF-8. Never throws. */
export const parse = (input: string | Uint8Array, limits: Limits): Either.Either<unknown, Problem> => {
  if (!fits(input, limits.bytes)) return refused("TooLarge", `more than ${limits.bytes} bytes`)
  const text = typeof input === "string" ? input : fromUtf8(input)
  if (text === undefined) return refused("NotUnicode", "not UTF-8")
  const problem = problemOf(text, limits.depth)
  if (problem !== undefined) return Either.left(problem)
  return Either.orElse(json(text), () => refused("NotJson", "not JSON"))
}

/** What may be shown of a text: its beginning, without half characters. */
export const shown = (text: string, longest = 64): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).toWellFormed()

// internal

/** Whoever copies a value key by key would reach a prototype through them. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"])

const refused = (reason: Problem["reason"], details: string) => Either.left({ reason, path: [], details })

// No character is less than a byte, so a text of many megabytes is refused without being encoded.
const fits = (input: string | Uint8Array, bytes: number): boolean =>
  input.length <= bytes && (typeof input !== "string" || new TextEncoder().encode(input).length <= bytes)

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const fromUtf8 = (bytes: Uint8Array): string | undefined =>
  Either.getOrUndefined(Either.try(() => utf8.decode(bytes)))

const json = (text: string): Either.Either<unknown, unknown> => Either.try((): unknown => JSON.parse(text))

/** An array or object that is open: where in it we are, and which keys it has had. */
interface Level {
  at: string | number | undefined
  readonly keys: Set<string> | undefined
}

type Found = Omit<Problem, "path">

/** What `JSON.parse` would accept and should not. In a text that is not JSON it may find anything, or nothing. */
const problemOf = (text: string, depth: number): Problem | undefined => {
  const levels: Array<Level> = []
  for (const token of tokens(text)) {
    const found = take(token, levels, depth)
    if (found !== undefined) return { ...found, path: pathOf(levels) }
  }
  return undefined
}

/** The tokens that matter: brackets, commas, strings and numbers. */
function* tokens(text: string): Generator<string> {
  const next = /["{}[\],]|-?\d[\d.eE+-]*/g
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    if (match[0] === '"') next.lastIndex = endOfString(text, match.index)
    yield text.slice(match.index, next.lastIndex)
  }
}

const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1
  return at + 1
}

const take = (token: string, levels: Array<Level>, depth: number): Found | undefined => {
  const level = levels.at(-1)
  switch (token) {
    case "{":
    case "[":
      if (levels.length < depth) {
        levels.push(token === "{" ? { at: undefined, keys: new Set() } : { at: 0, keys: undefined })
        return undefined
      }
      return { reason: "TooDeep", details: `more than ${depth} levels` }
    case "}":
    case "]":
      levels.pop()
      return undefined
    case ",":
      if (level !== undefined) level.at = typeof level.at === "number" ? level.at + 1 : undefined
      return undefined
    default:
      return token.startsWith('"') ? takeString(token, level) : takeNumber(token)
  }
}

const takeString = (token: string, level: Level | undefined): Found | undefined => {
  const string = token.includes("\\") ? Either.getOrUndefined(json(token)) : token.slice(1, -1)
  if (typeof string !== "string") return { reason: "NotJson", details: "not a string of JSON" }
  const isKey = level?.keys !== undefined && level.at === undefined
  if (isKey) level.at = string
  if (!string.isWellFormed()) return { reason: "NotUnicode", details: "half a character" }
  if (!isKey) return undefined
  if (forbiddenKeys.has(string)) return { reason: "ForbiddenKey", details: "a key that is refused" }
  if (level.keys.has(string)) return { reason: "DuplicateKey", details: "a key that occurs twice" }
  level.keys.add(string)
  return undefined
}

const takeNumber = (token: string): Found | undefined => {
  const number = Number(token)
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
    return { reason: "UnsafeNumber", details: "a number beyond 2^53 - 1; send it as a string" }
  // Both would be written as 0.
  if (number === 0 && /^-|^[0.]*[1-9]/.test(token))
    return { reason: "UnsafeNumber", details: "-0, or a number so small that it is read as 0" }
  return undefined
}

const pathOf = (levels: ReadonlyArray<Level>): Problem["path"] =>
  levels.flatMap(({ at }) => (at === undefined ? [] : typeof at === "number" ? at : shown(at)))
