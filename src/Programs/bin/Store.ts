/** Chooses the stack of a program: files, or memory. */
import { mkdtemp, readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Engine, StoreError } from "everfold"
import { MemoryStack } from "everfold"
import type * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { warn } from "./Main.ts"

/** Which stack is wanted. */
export type Choice =
  { readonly _tag: "Memory" } | { readonly _tag: "Sqlite"; readonly directory: string | undefined }

/** A running stack, and where its files are if it has any. */
export interface Store {
  readonly stack: Context.Context<Engine.Stack>
  readonly directory: string | undefined
}

/** The files cannot be used, and what may help. */
export class CannotOpen extends Data.TaggedError("CannotOpen")<{ readonly message: string }> {}

/** Nothing is kept. */
export const memory: Effect.Effect<Store, CannotOpen, Scope.Scope> = Layer.build(MemoryStack.layer).pipe(
  Effect.mapBoth({ onSuccess: (stack) => ({ stack, directory: undefined }), onFailure: cannotOpen })
)

/** Files in a directory, by default a new one; in memory, and saying so, when the driver is missing. */
export const sqlite = (directory: string | undefined): Effect.Effect<Store, CannotOpen, Scope.Scope> =>
  Effect.gen(function* () {
    const { SqliteStack } = yield* Effect.tryPromise({
      try: () => import("everfold/sqlite"),
      catch: noDriver
    })
    const files = yield* folder(directory)
    const stack = yield* Effect.mapError(Layer.build(SqliteStack.layer({ directory: files })), (error) =>
      error.reason === "DriverMissing" ? noDriver(error.details) : cannotOpen(error)
    )
    return { stack, directory: files }
  }).pipe(
    Effect.catchTag("NoDriver", ({ message }) =>
      Effect.zipRight(warn(`${message}; told in memory, nothing is kept`), memory)
    )
  )

/** The stack that was chosen. */
export const open = (choice: Choice): Effect.Effect<Store, CannotOpen, Scope.Scope> =>
  choice._tag === "Memory" ? memory : sqlite(choice.directory)

/** Refuses a folder in which there is something: a story that begins with nothing would mix with it. */
export const unused = (choice: Choice): Effect.Effect<void, CannotOpen> =>
  Effect.gen(function* () {
    if (choice._tag === "Memory" || choice.directory === undefined) return
    const { directory } = choice
    // What is no folder is told by whoever opens it.
    const found = yield* Effect.promise(() => readdir(directory).catch(() => []))
    if (found.length === 0) return
    return yield* new CannotOpen({
      message: `${directory} is not empty; name a folder of its own for this story`
    })
  })

/** A new folder, if none was named. */
export const folder = (directory: string | undefined): Effect.Effect<string, CannotOpen> =>
  directory === undefined ? temporary : Effect.succeed(resolve(directory))

/** What may help when the files cannot be used. */
export function cannotOpen({ details, reason }: StoreError.StoreError): CannotOpen {
  return new CannotOpen({ message: `${details}; ${remedies[reason] ?? reason}` })
}

// internal

class NoDriver extends Data.TaggedError("NoDriver")<{ readonly message: string }> {}

function noDriver(cause: unknown): NoDriver {
  return new NoDriver({ message: String(cause).split(" imported from ", 1).join("") })
}

const temporary = Effect.tryPromise({
  try: () => mkdtemp(join(tmpdir(), "everfold-demo-")),
  catch: (cause) => new CannotOpen({ message: String(cause) })
})

const remedies: { readonly [Reason in StoreError.Reason]?: string } = {
  Unavailable: "the files need a folder that may be written",
  ReadOnly: "the files need a folder that may be written",
  NotADatabase: "the files need a folder of their own",
  NewerSchema: "a newer program has written there"
}
