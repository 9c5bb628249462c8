/** Logs that change notes on their way, or measure them in a wrong way: the contract suite must notice. */
import { describe } from "@effect/vitest"
import type { Note } from "everfold"
import { Limits, StoreError } from "everfold"
import type { Mutant } from "./brokenNotes.ts"
import { appending, asking, notices, stepping, writing } from "./brokenNotes.ts"

const trimmed = (note: Note.Note): Note.Note => ({ ...note, value: note.value.trim() })

const cut = (note: Note.Note): Note.Note => ({ ...note, value: note.value.slice(0, 65_536) })

const rounded = <P extends Note.Place>(one: P): P => ({ ...one, order: Math.max(0, Math.floor(one.order)) })

const wellFormed = <P extends Note.Place>(one: P): P => ({
  ...one,
  kind: one.kind.toWellFormed(),
  key: one.key.toWellFormed()
})

/** A log that measures notes in its own way. */
const measuring = (isTooLarge: (keep: ReadonlyArray<Note.Note>) => boolean) =>
  appending(
    (append) => (commit, queued) =>
      isTooLarge(commit.advance?.keep ?? [])
        ? StoreError.make("TooLarge", "the notes of a step")
        : append(commit, queued)
  )

const { commitBytes, commitEvents } = Limits.Current.defaultValue()
const unlimited = { commitBytes: Infinity, commitEvents: Infinity }

const text = "text of any sort comes back as it was, and is told apart letter by letter"
const half = "a step with half a character is Invalid"
const sizes = "the notes of a step are as large as the payloads of a commit, in bytes of UTF-8, and no larger"
const many = "a step has as many notes as a commit has events, kept or dropped, and no more"
const orders = "orders are whole numbers from 0 to the largest"

const values: ReadonlyArray<Mutant> = [
  ["normalizes keys", text, writing((one) => ({ ...one, key: one.key.normalize("NFC") }))],
  ["does not tell A from a", text, writing((one) => ({ ...one, key: one.key.toLowerCase() }))],
  [
    "ends a key where it has a NUL",
    text,
    writing((one) => ({ ...one, key: one.key.split("\u0000")[0] ?? "" }))
  ],
  ["trims values", text, stepping((step) => ({ ...step, keep: step.keep.map(trimmed) }))],
  ["cuts what is large", "a value may be large", stepping((step) => ({ ...step, keep: step.keep.map(cut) }))],
  ["has orders of 32 bits", orders, writing((one) => ({ ...one, order: one.order | 0 }))],
  [
    "has orders with a fraction",
    "an order or an epoch that is no whole number from 0 is Invalid",
    writing(rounded)
  ],
  [
    "reads from order 1 on",
    orders,
    asking((query) => ({ after: { order: 0, key: "\u{10ffff}" }, ...query }))
  ],
  [
    "puts something in the place of half a character",
    half,
    stepping((step) => ({
      ...step,
      keep: step.keep.map((note) => ({ ...wellFormed(note), value: note.value.toWellFormed() }))
    }))
  ],
  [
    "looks for half a character in the whole of a note",
    half,
    stepping((step) => ({
      ...step,
      keep: step.keep.map((note) =>
        `${note.kind}${note.key}${note.value}`.isWellFormed() ? wellFormed(note) : note
      )
    }))
  ],
  [
    "looks for half a character in what is kept, and not in what is dropped",
    "a half character drops nothing that only looks like it",
    stepping((step) => ({ ...step, drop: step.drop.map(wellFormed) }))
  ],
  [
    "does not look for half a character in the name of a subscriber",
    half,
    stepping((step) => ({ ...step, subscriber: step.subscriber.toWellFormed() }))
  ],
  ["takes a byte too many", sizes, () => ({}), { commitBytes: commitBytes + 1 }],
  [
    "counts letters for bytes",
    sizes,
    measuring((keep) => keep.map(({ value }) => value).join("").length > commitBytes),
    unlimited
  ],
  [
    "measures each note for itself",
    sizes,
    measuring((keep) => keep.some(({ value }) => value.length > commitBytes)),
    unlimited
  ],
  ["takes a note too many", many, () => ({}), { commitEvents: commitEvents + 1 }],
  ["does not count what is dropped", many, measuring((keep) => keep.length > commitEvents), unlimited]
]

describe("the contract of steps and notes", () => {
  notices(values)
})
