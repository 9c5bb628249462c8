/** Rows are built again while others write and read; the program is killed in the middle. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Fault } from "../Fault.ts"
import * as Home from "../programs/Home.ts"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Files from "../statements/Files.ts"
import * as Generations from "./Generations.ts"
import * as House from "./House.ts"

/** Each run deploys the next code on the same files and builds the rows again. */
export const fault: Fault = {
  name: "rebuild",
  title: "kill -9 in the middle of a rebuild",
  full: 30,
  ci: 4,
  run: (schedule) =>
    Effect.suspend(() => {
      const account: Account = { killed: new Map(), answers: 0 }
      return Effect.map(
        Home.inTurns(
          schedule,
          () => House.begin,
          (house) => rebuilt(house, account)
        ),
        (outcome) => ({
          ...outcome,
          lines: [
            ...[...account.killed].map(
              ([stage, times]) => `killed ${stage.padEnd(25)}${String(times).padStart(4)}`
            ),
            `${account.answers} answers to a reader meanwhile, each checked`
          ]
        })
      )
    })
}

// internal

/** At which stages it was killed, and how many answers one reader has had. */
interface Account {
  readonly killed: Map<string, number>
  answers: number
}

const rebuilt = (house: House.House, account: Account) =>
  Effect.gen(function* () {
    const { directory, reader } = house
    yield* house.program.signal("SIGTERM")
    yield* house.program.end
    house.code += 1
    const first = yield* House.deploy(house, house.code, yield* Random.nextIntBetween(1, 14))
    yield* first.tell("send", 1_000, house.code)
    yield* first.tell("rebuild")
    yield* Effect.raceFirst(
      first.end,
      Looks.until(
        "the rows are built",
        () => Program.times(first, "rebuilt") === 1,
        () => Program.shown(first)
      )
    )
    yield* first.signal("SIGKILL")
    yield* first.end
    const before = Generations.of(directory)
    const stage = Generations.stage(before)
    account.killed.set(stage, (account.killed.get(stage) ?? 0) + 1)

    const second = yield* House.deploy(house, house.code, 0)
    house.program = second
    if (stage === "before it began") yield* second.tell("rebuild")
    yield* second.tell("send", 30, house.code)
    yield* Looks.until(
      "readers see the new rows",
      () => House.lastSeen(reader) === house.code,
      () => `${Program.shown(second)} ${JSON.stringify(Generations.of(directory))}`
    )
    const violations = yield* Home.finished(() => House.left(house), second, reader)
    const resumed = Generations.goneOnFrom(before, Generations.of(directory))
    const after = [...(yield* House.pruned(house)), ...(yield* House.read(house))]
    account.answers = Math.max(account.answers, House.answers(house))
    return [
      ...violations,
      ...resumed,
      ...after,
      ...Files.damage(directory),
      ...Remains.outOfOrder(directory),
      ...Remains.repeated(directory)
    ]
  })
