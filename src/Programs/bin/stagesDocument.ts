/** `npm run docs:stages`: writes docs/stages.md. */
import { writeFile } from "node:fs/promises"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Document from "../stages/Document.ts"
import * as Main from "./Main.ts"
import { stages } from "./Stages.ts"

/** The page cannot be written. */
class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const file = new URL("../../../docs/stages.md", import.meta.url)

const write = Effect.flatMap(Document.render(stages), (text) =>
  Effect.tryPromise({
    try: () => writeFile(file, text),
    catch: (cause) => new Failed({ message: String(cause) })
  })
)

Main.run(write, () => 1)
