/** What a writer believes about a stream, checked under the lock of the append. */

/** The state in which a stream must be for an append to happen. */
export type Expected =
  | { readonly _tag: "Any" }
  | { readonly _tag: "NoStream" }
  | { readonly _tag: "StreamExists" }
  | { readonly _tag: "Exactly"; readonly version: number; readonly last?: string | undefined }

/** Whatever is there. */
export const any: Expected = { _tag: "Any" }
/** No event yet. */
export const noStream: Expected = { _tag: "NoStream" }
/** At least one event. */
export const streamExists: Expected = { _tag: "StreamExists" }
/**
 * Exactly this many events; with `last`, the id of the last of them as well, because a version alone does not tell
 * a log from the same log after it was restored.
 */
export const exactly = (version: number, last?: string): Expected => ({ _tag: "Exactly", version, last })

/** The end of a stream: its version (0 when it has no event), and the last event's id. */
export interface End {
  readonly version: number
  readonly last?: string | undefined
}

/** Whether a stream that ends there is as expected. */
export const holds = (expected: Expected, { last, version }: End): boolean => {
  switch (expected._tag) {
    case "Any":
      return true
    case "NoStream":
      return version === 0
    case "StreamExists":
      return version > 0
    case "Exactly":
      return version === expected.version && (expected.last === undefined || last === expected.last)
  }
}

/** In words, for an error. */
export const describe = (expected: Expected): string =>
  expected._tag === "Exactly"
    ? `version ${expected.version}${expected.last === undefined ? "" : ` (event ${expected.last})`}`
    : expected._tag
