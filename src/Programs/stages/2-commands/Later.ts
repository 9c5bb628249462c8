/** Commands that are written down before they are handled, and handled once more elsewhere. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { quote, say, section, table } from "../../Terminal.ts"
import * as CommandFile from "./CommandFile.ts"
import type { Command } from "./Commands.ts"
import * as Shop from "./Shop.ts"

/** Logs each command of a day, and handles it; returns what has become of them. */
export const logged = (shop: Shop.Shop, day: ReadonlyArray<Command>) =>
  Effect.gen(function* () {
    const file = yield* CommandFile.make("commands.jsonl")
    return yield* Effect.forEach(day, (command) =>
      Effect.zipRight(file.append(command), Shop.outcome(shop.commands.handle(command)))
    )
  })

/** Commands as they are written down, and what has become of them. */
export const tellDay = (day: ReadonlyArray<Command>, outcomes: ReadonlyArray<string>) =>
  table(
    day.map(({ _tag, ...fields }, index) => {
      const shown = _tag === "CreateProduct" ? "…" : JSON.stringify(fields)
      return ["", _tag, shown, outcomes[index] ?? ""]
    })
  )

/** Reads the file through the door, and handles it on another database. */
export const handledLater = (before: Shop.Shop, outcomes: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    yield* section("The same commands, handled later and elsewhere")
    const lines = yield* (yield* CommandFile.make("commands.jsonl")).lines
    yield* say(`commands.jsonl has ${lines.length} lines, such as`)
    yield* quote(lines[3] ?? "")
    const later = yield* Shop.open("later.db")
    const again = yield* Effect.forEach(lines, (line) =>
      Effect.flatMap(CommandFile.door.decode(line), (command) => Shop.outcome(later.commands.handle(command)))
    )
    const same = again.filter((outcome, index) => outcome === outcomes[index]).length
    yield* say(
      `Read back and handled on an empty database: ${same} of ${again.length} outcomes are the same.`
    )
    const rows = yield* Effect.all([everything(before), everything(later)])
    yield* say(
      `The tables ${rows[0] === rows[1] ? "hold the same" : "differ"}. A method call could not have waited.`
    )
    yield* forged(lines[3] ?? "")
  })

// internal

const everything = ({ sql }: Shop.Shop) =>
  Effect.map(sql`select * from products order by id`, (rows) => JSON.stringify(rows))

/** Lines that somebody has changed. */
const forged = (line: string) =>
  Effect.gen(function* () {
    yield* say("A file is text from outside. Lines that somebody has changed are refused:")
    const lines = [
      line.replace("}", ',"by":"eve"}'),
      line.replace("}", ',"stock":140}'),
      line.replace("14}", '"14"}'),
      line.replace("UpdateStock", "DeleteProduct")
    ]
    yield* table(
      lines.map((line) => {
        const read = CommandFile.door.decode(line)
        return ["", line.slice(0, 60), Either.isLeft(read) ? read.left.reason : "accepted"]
      })
    )
  })
