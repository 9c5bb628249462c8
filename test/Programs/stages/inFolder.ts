/** A folder for a stage's files, which is deleted afterwards. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Folder } from "../../../src/Programs/stages/Folder.ts"

/** Runs a program in a new folder; its files are closed before the folder goes. */
export const inFolder = <A, E>(program: Effect.Effect<A, E, Folder | Scope.Scope>): Effect.Effect<A, E> =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "everfold-stages-test-"))),
    (folder) => Effect.provideService(Effect.scoped(program), Folder, folder),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  )
