/**
 * What every log promises of the steps of subscribers, and of the notes that they keep with them.
 *
 * @example
 * layer(MyEventStore.layer)("the notes of my log", (it) => {
 *   for (const { name, run } of NotesContract.cases) it.effect(name, () => run)
 * })
 */
import type { EventStore } from "../../Services/EventStore.ts"
import type { Notes } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import * as EpochCases from "./EpochCases.ts"
import * as NoteCases from "./NoteCases.ts"
import * as NoteRaceCases from "./NoteRaceCases.ts"
import * as NoteReadCases from "./NoteReadCases.ts"
import * as NoteRefusalCases from "./NoteRefusalCases.ts"

/** One case per promise. They may share a store, one after the other. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  ...NoteCases.cases,
  ...NoteRefusalCases.cases,
  ...NoteReadCases.cases,
  ...EpochCases.cases,
  ...NoteRaceCases.cases
]
