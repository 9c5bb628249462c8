/** The stories that the demo can tell. */
import * as Console from "effect/Console"
import type { Engine } from "everfold"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Allocation from "../allocation/Allocation.ts"
import * as Catalogue from "../catalogue/Catalogue.ts"
import * as Disaster from "../disaster/Disaster.ts"
import * as Evolution from "../evolution/Evolution.ts"
import * as Failures from "../failures/Failures.ts"
import * as Ordering from "../ordering/Ordering.ts"
import type { Stage } from "../stages/Stage.ts"
import { Folder } from "../stages/Folder.ts"
import { stage as stage4Events } from "../stages/4-events/EventLog.ts"
import { stage as stage5Bus } from "../stages/5-bus/Bus.ts"
import * as DemoLog from "./DemoLog.ts"
import * as OtherProgram from "./OtherProgram.ts"
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
  program: Effect.Effect<void, { readonly message: string }, Engine.Stack>
): Story => ({
  about,
  stores: ["sqlite", "memory"],
  tell: (choice) =>
    Effect.gen(function* () {
      const { directory, stack } = yield* Store.open(choice)
      yield* opening(title, directory)
      yield* Effect.provide(program, stack).pipe(OtherProgram.on(directory))
    })
})

const catalogue: Story = {
  about: "what happens to two products; told when no story is named",
  stores: ["sqlite", "memory"],
  tell: (choice) =>
    Effect.gen(function* () {
      const { directory, stack } = yield* Store.open(choice)
      yield* Effect.provide(DemoLog.check, stack)
      yield* opening("a product catalogue, event-sourced", directory)
      yield* Effect.provide(Effect.provide(Catalogue.program, Catalogue.modules), stack)
      if (directory !== undefined)
        yield* Console.log(`\nGo on from here: npm run demo -- --data ${directory}`)
    })
}

const failures = onStack(
  "what fails, what goes on meanwhile, and how it is mended",
  "what fails, what goes on meanwhile, and how it is mended",
  Failures.program
)

const ordering = onStack(
  "an order on its way, and what keeps its read models right",
  "an order on its way, and what keeps its read models right",
  Ordering.program
)

const allocation = onStack(
  "batches, orders, and who is told that there is too little",
  "which order gets units of which batch, and who gets the last one",
  Effect.tryPromise({
    try: () => import("./LocalMail.ts"),
    catch: (cause) =>
      new Store.CannotOpen({ message: `nodemailer and smtp-server are needed: ${String(cause)}` })
  }).pipe(
    Effect.flatMap(({ post }) => post),
    Effect.flatMap(Allocation.program),
    Effect.scoped
  )
)

/** A story from before there was a stack: it has files, and opens them itself. */
const onFiles = (
  about: string,
  title: string,
  load: () => Promise<{ readonly stage: Stage<{ readonly message: string }, Folder> }>
): Story => ({
  about,
  stores: ["sqlite"],
  tell: (choice) =>
    Effect.gen(function* () {
      const directory = yield* Store.folder(choice._tag === "Sqlite" ? choice.directory : undefined)
      const { stage } = yield* Effect.tryPromise({
        try: load,
        catch: (cause) =>
          new Store.CannotOpen({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
      })
      yield* opening(title, directory)
      yield* Effect.provideService(stage.tell, Folder, directory)
    })
})

const stage1 = onFiles(
  "the first stage: one table, and what is wrong with it",
  "stage 1, one table",
  () => import("../stages/1-table/OneTable.ts")
)

const stage2 = onFiles(
  "the second stage: commands and queries on the same table",
  "stage 2, commands and queries",
  () => import("../stages/2-commands/BasicCqrs.ts")
)

const stage3 = onFiles(
  "the third stage: read models in a database of their own",
  "stage 3, read models",
  () => import("../stages/3-read-models/ReadModels.ts")
)

const stage4 = onStack(
  "the fourth stage: events are kept, all else is made of them",
  "stage 4, a log of events",
  stage4Events.tell
)

const stage5 = onStack(
  "the fifth stage: a bus, and those who answer uncalled",
  "stage 5, a bus",
  stage5Bus.tell
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

const evolution: Story = {
  about: "today's shop goes on with a log that Python has written",
  stores: ["sqlite"],
  tell: (choice) =>
    Effect.gen(function* () {
      const directory = yield* Store.folder(choice._tag === "Sqlite" ? choice.directory : undefined)
      const shop = yield* Effect.tryPromise({
        try: () => import("./OldShop.ts"),
        catch: (cause) =>
          new Store.CannotOpen({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
      })
      yield* opening("events live for ever", directory)
      yield* Evolution.program(shop.make(directory))
    })
}

/** One that begins with nothing. */
const fromNothing = (story: Story): Story => ({
  ...story,
  tell: (choice) => Effect.zipRight(Store.unused(choice), story.tell(choice))
})

/** Every story, by its name. The catalogue goes on where it ended. */
export const stories: ReadonlyMap<string, Story> = new Map([
  ["catalogue", catalogue],
  ...Object.entries({
    stage1,
    stage2,
    stage3,
    stage4,
    stage5,
    allocation,
    ordering,
    failures,
    disaster,
    evolution
  }).map(([name, story]) => [name, fromNothing(story)] as const)
])

// internal

const opening = (title: string, directory: string | undefined) =>
  Console.log(
    `everfold: ${title}\n${directory === undefined ? "In memory; nothing is kept." : `Files in ${directory}`}`
  )
