/** Commands in a file, a line of JSON for each: a log of what was asked, and a queue for whoever comes later. */
import { appendFile, readFile } from "node:fs/promises"
import { join } from "node:path"
import { JsonDoor } from "everfold"
import * as Effect from "effect/Effect"
import { Failed } from "../1-table/Sqlite.ts"
import { Folder } from "../Folder.ts"
import { Command } from "./Commands.ts"

/** Text from outside becomes a command here, or is refused. */
export const door = JsonDoor.make(Command)

/** The file of this name in the stage's folder. */
export const make = (file: string) =>
  Effect.map(Folder, (folder) => {
    const path = join(folder, file)
    return {
      append: (command: Command) =>
        Effect.flatMap(door.encode(command), (line) => attempt(() => appendFile(path, `${line}\n`))),
      /** The lines as they are; anybody may have written them. */
      lines: Effect.map(
        attempt(() => readFile(path, "utf8")),
        (text) => text.trimEnd().split("\n")
      )
    }
  })

// internal

const attempt = <A>(io: () => Promise<A>) =>
  Effect.tryPromise({ try: io, catch: (cause) => new Failed({ message: String(cause) }) })
