/** The read database is deleted, under a program that works or after it was killed; the next start builds it again. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import type { Fault } from "../Fault.ts"
import * as Home from "../programs/Home.ts"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Files from "../statements/Files.ts"

/** Each run deletes it once more. */
export const fault: Fault = {
  name: "rm-read",
  title: "the read database is deleted under load",
  full: 20,
  ci: 4,
  run: (schedule) => Home.inTurns(schedule, () => begin, deleted)
}

// internal

interface House extends Home.Home {
  program: Program.Program
}

const lease = 300

const commands = 30

const start = ({ directory, scope }: Home.Home) =>
  Home.start({ directory, scope }, "programs/working.ts", "it", directory, "it", lease)

const begin = Effect.gen(function* () {
  const home = yield* Home.open
  const house: House = { ...home, program: yield* start(home) }
  return house
})

const deleted = (house: House, seed: number) =>
  Effect.gen(function* () {
    const { directory, program } = house
    const sent = yield* Random.nextIntBetween(0, commands)
    yield* program.tell("send", commands, seed)
    yield* Looks.until(
      "it is busy",
      () => Program.times(program, "sent") >= sent,
      () => Program.shown(program)
    )
    const underIt = seed % 2 === 0
    const complaints = underIt ? yield* underAProgram(house) : yield* afterAKill(house)
    const before = { log: Files.log(directory), effects: Remains.effectsOf(directory) }

    house.program = yield* start(house)
    const unfinished = yield* Home.finished(() => Remains.undone(directory), house.program)
    const after = { log: Files.log(directory), effects: Remains.effectsOf(directory) }
    return [
      ...complaints,
      ...unfinished,
      ...(underIt && !isDeepStrictEqual(before, after) ? ["something has happened again"] : []),
      ...Remains.repeated(directory),
      ...Files.damage(directory)
    ]
  })

const remove = (directory: string) =>
  Effect.sync(() => {
    for (const file of ["read.db", "read.db-wal", "read.db-shm"])
      rmSync(join(directory, file), { force: true })
  })

/** Rows that nobody would find are not written: it says so, and does everything else. */
const underAProgram = ({ directory, program }: House) =>
  Effect.gen(function* () {
    yield* remove(directory)
    const rows = ["balances", "movements"]
    yield* Looks.until(
      "it has done what it can",
      () => Program.times(program, "sent") === commands && rows.every((name) => program.statuses.has(name)),
      () => Program.shown(program)
    )
    const unfinished = yield* Home.finished(() => Remains.undoneInLog(directory), program)
    const halted = yield* Looks.within(10_000, () =>
      rows.every((name) => program.statuses.get(name) === "Halted")
    )
    yield* program.signal("SIGTERM")
    yield* program.end
    return [
      ...unfinished,
      ...(halted && program.complaints().includes("was deleted or replaced")
        ? []
        : [`it goes on writing rows that nobody finds: ${Program.shown(program)}`])
    ]
  })

const afterAKill = ({ directory, program }: House) =>
  Effect.gen(function* () {
    yield* program.signal("SIGKILL")
    yield* program.end
    yield* remove(directory)
    return []
  })
