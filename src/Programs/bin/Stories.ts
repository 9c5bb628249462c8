/** The stories that the demo can tell. */
import * as Console from "effect/Console"
import type { Engine } from "everfold"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Catalogue from "../catalogue/Catalogue.ts"
import * as Disaster from "../disaster/Disaster.ts"
import * as Failures from "../failures/Failures.ts"
import * as Store from "./Store.ts"

/** A story, and on which stores it can be told. */
export interface Story {
  /** One line of `--help`. */
  readonly about: string
  readonly stores: ReadonlyArray<"sqlite" | "memory">
  readonly tell: (choice: Store.Choice) => Effect.Effect<void, { readonly message: string }, Scope.Scope>
}

/** A story that is the same on every stack. */
const onStack = (
  about: string,
  title: string,
  program: Effect.Effect<void, { readonly message: string }, Engine.Stack>,
  goesOn = false
): Story => ({
  about,
  stores: ["sqlite", "memory"],
  tell: (choice) =>
    Effect.gen(function* () {
      const { directory, stack } = yield* Store.open(choice)
      yield* opening(title, directory)
      yield* Effect.provide(program, stack)
      if (goesOn && directory !== undefined)
        yield* Console.log(`\nGo on from here: npm run demo -- --data ${directory}`)
    })
})

const catalogue = onStack(
  "what happens to two products; told when no story is named",
  "a product catalogue, event-sourced",
  Effect.provide(Catalogue.program, Catalogue.modules),
  true
)

const failures = onStack(
  "what fails, what goes on meanwhile, and how it is mended",
  "what fails, what goes on meanwhile, and how it is mended",
  Failures.program
)

const disaster: Story = {
  about: "files lost, damaged and restored: what is done twice",
  stores: ["sqlite"],
  tell: (choice) =>
    Effect.gen(function* () {
      const directory = yield* Store.folder(choice._tag === "Sqlite" ? choice.directory : undefined)
      const drill = yield* Effect.tryPromise({
        try: () => import("./DrillFiles.ts"),
        catch: (cause) =>
          new Store.CannotOpen({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
      })
      yield* opening("files are lost, damaged and restored", directory)
      yield* Disaster.program(drill.make(directory))
    })
}

/** Every story, by its name. */
export const stories: ReadonlyMap<string, Story> = new Map(Object.entries({ catalogue, failures, disaster }))

// internal

const opening = (title: string, directory: string | undefined) =>
  Console.log(
    `everfold: ${title}\n${directory === undefined ? "In memory; nothing is kept." : `Files in ${directory}`}`
  )
