/** What a writer believes about a stream, checked under the lock of the append. */

/** The version that a stream must have for an append to happen. */
export type Expected =
  | { readonly _tag: "Any" }
  | { readonly _tag: "NoStream" }
  | { readonly _tag: "StreamExists" }
  | { readonly _tag: "Exactly"; readonly version: number }

/** Whatever is there. */
export const any: Expected = { _tag: "Any" }
/** No event yet. */
export const noStream: Expected = { _tag: "NoStream" }
/** At least one event. */
export const streamExists: Expected = { _tag: "StreamExists" }
/** Exactly this many events. */
export const exactly = (version: number): Expected => ({ _tag: "Exactly", version })

/** Whether a stream at `version` (0 when it has no event) is as expected. */
export const holds = (expected: Expected, version: number): boolean => {
  switch (expected._tag) {
    case "Any":
      return true
    case "NoStream":
      return version === 0
    case "StreamExists":
      return version > 0
    case "Exactly":
      return version === expected.version
  }
}

/** In words, for an error. */
export const describe = (expected: Expected): string =>
  expected._tag === "Exactly" ? `version ${expected.version}` : expected._tag
