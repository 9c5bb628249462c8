/** A folder with a program that writes and builds, and a reader beside it. */
import * as Effect from "effect/Effect"
import * as Home from "../programs/Home.ts"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Files from "../statements/Files.ts"
import * as Generations from "./Generations.ts"

export interface House extends Home.Home {
  readonly reader: Program.Program
  program: Program.Program
  code: number
}

/** So many events that a build is several steps. */
const history = 6_000

const lease = 300

/** Starts a program with a code; with `nth` it dies in the middle of a build. */
export const deploy = ({ directory, scope }: Home.Home, code: number, nth: number) =>
  Home.start(
    { directory, scope },
    "rebuild/building.ts",
    `code${code}`,
    directory,
    `code${code}.${nth}`,
    lease,
    code,
    nth
  )

/** Some history, the first code, and a reader who sees its rows. */
export const begin = Effect.gen(function* () {
  const home = yield* Home.open
  const program = yield* deploy(home, 1, 0)
  yield* program.tell("fill", history)
  yield* Looks.until("the history is written", () => Program.times(program, "filled") === 1)
  const reader = yield* Home.start(home, "rebuild/reading.ts", "reader", home.directory)
  yield* Looks.until("the reader sees rows", () => lastSeen(reader) === 1)
  return { ...home, program, reader, code: 1 } satisfies House
})

/** The code that has made the rows that a reader sees. */
export const lastSeen = ({ told }: Program.Program) =>
  Number(told.findLast(([word]) => word === "sees")?.[1] ?? 0)

/** What is not done yet, or done too often. */
export const left = ({ directory, program }: House): ReadonlyArray<string> => {
  const log = Files.log(directory)
  const withdrawn = log.filter(({ type }) => type === "Withdrawn")
  const sent = log.filter(({ type }) => type === "Sent").length
  const effects = new Set(Remains.effectsOf(directory))
  return [
    ...(Program.times(program, "sent") < 30 ? ["it still sends"] : []),
    ...Remains.behind(directory, "log.db"),
    ...Remains.behind(directory, "read.db"),
    ...(sent === withdrawn.length ? [] : [`${sent} letters about ${withdrawn.length} withdrawals`]),
    ...(effects.size === withdrawn.length
      ? []
      : [`${effects.size} effects of ${withdrawn.length} withdrawals`])
  ]
}

/** Removes the rows of former codes. */
export const pruned = ({ directory, program }: House) =>
  Effect.gen(function* () {
    const times = Program.times(program, "pruned")
    yield* program.tell("prune")
    yield* Looks.until("it has pruned", () => Program.times(program, "pruned") > times)
    const found = Generations.of(directory)
    return found.length === 1 ? [] : [`after pruning there are ${JSON.stringify(found)}`]
  })

/** What the reader says: nothing was wrong, and each code was seen once, one after the other. */
export const read = ({ code, reader }: House) =>
  Effect.gen(function* () {
    const times = Program.times(reader, "answers")
    yield* reader.tell("well")
    yield* Looks.until(
      "the reader answers",
      () => Program.times(reader, "answers") > times,
      () => Program.shown(reader)
    )
    const seen = reader.told.filter(([word]) => word === "sees").map(([, seen]) => Number(seen))
    const wrong = reader.told
      .filter(([word]) => word === "wrong")
      .map((words) => words.join(" ").slice(0, 400))
    return [
      ...wrong.slice(0, 3),
      ...(seen.every((one, index) => one === index + 1) && seen.length === code
        ? []
        : [`the reader saw the codes ${seen.join(", ")}`])
    ]
  })

/** How many answers a reader has checked. */
export const answers = ({ reader }: House): number =>
  Number(reader.told.findLast(([word]) => word === "answers")?.[1] ?? 0)
