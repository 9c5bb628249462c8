/** A program that works is asked to end: it does at once, leaves nothing behind, and the next one goes on. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Fault } from "../Fault.ts"
import * as Business from "../programs/Business.ts"
import * as Home from "../programs/Home.ts"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Files from "../statements/Files.ts"

/** Each run ends the program that the run before has started. */
export const fault: Fault = {
  name: "sigterm",
  title: "a program is told to end while it is busy",
  full: 30,
  ci: 4,
  run: (schedule) =>
    Effect.suspend(() => {
      let longest = 0
      const tell = (millis: number) => void (longest = Math.max(longest, millis))
      return Effect.map(
        Home.inTurns(
          schedule,
          () => begin,
          (house, seed) => ended(house, seed, tell)
        ),
        (outcome) => ({ ...outcome, lines: [`it took ${Math.round(longest)} ms at most to end`] })
      )
    })
}

// internal

interface House extends Home.Home {
  program: Program.Program
}

/** One that is not given back is in the way of the next program for longer than anybody waits. */
const lease = 60_000

/** How long an end may take, in milliseconds. */
const patience = 2_000

const start = ({ directory, scope }: Home.Home) =>
  Home.start({ directory, scope }, "programs/working.ts", "it", directory, "it", lease)

const begin = Effect.gen(function* () {
  const home = yield* Home.open
  const house: House = { ...home, program: yield* start(home) }
  return house
})

const ended = (house: House, seed: number, tell: (millis: number) => void) =>
  Effect.gen(function* () {
    const { directory, program } = house
    const sent = yield* Random.nextIntBetween(1, 40)
    const delay = yield* Random.nextIntBetween(0, 20)
    yield* program.tell("send", 100_000, seed)
    yield* Looks.until(
      "it is busy",
      () => Program.times(program, "sent") >= sent,
      () => Program.shown(program)
    )
    yield* Effect.sleep(delay)
    yield* program.signal("SIGTERM")
    const { late, millis, value } = yield* Looks.timed(program.end)
    tell(millis)
    const kept = Remains.leases(directory).filter(({ owner, until }) => owner !== "" || until !== 0)
    const written = new Set(Files.log(directory).map(Files.commitOf))
    const lost = answered(program).filter((id) => !written.has(id))

    house.program = yield* start(house)
    const next = house.program
    yield* Looks.until(
      "the next one works",
      () => Program.are(next, "Live") === Business.size,
      () => Program.shown(next)
    )
    const followed = next.told.filter(([word, , status]) => word === "is" && status === "Elsewhere")
    return [
      ...(value.code === 143 || value.code === 0 ? [] : [`ended with ${value.signal ?? value.code}`]),
      ...(millis > patience + late
        ? [`took ${Math.round(millis)} ms to end, ${Math.round(late)} of them nobody could help`]
        : []),
      ...(program.complaints() === "" ? [] : [program.complaints()]),
      ...kept.map(({ subscriber }) => `the lease of "${subscriber}" was not given back`),
      ...lost.map((id) => `${id} was answered and is lost`),
      ...followed.map(([, name]) => `the next one had to wait for the lease of "${name}"`),
      ...(yield* Home.finished(() => Remains.undone(directory), next)),
      ...Remains.outOfOrder(directory),
      ...Remains.repeated(directory),
      ...Files.damage(directory)
    ]
  })

/** What was answered, unless it was refused and so is not written. */
const answered = ({ told }: Program.Program) =>
  told.flatMap(([word, id = "", how]) => (word === "sent" && how === "accepted" ? [id] : []))
