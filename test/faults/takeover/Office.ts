/** Several programs on one folder, one of which runs the subscribers. */
import * as Effect from "effect/Effect"
import * as Business from "../programs/Business.ts"
import * as Home from "../programs/Home.ts"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"

/** How long a lease lasts, in milliseconds. */
export const lease = 300

/** The programs, and where they are. */
export interface Office extends Home.Home {
  readonly programs: Array<Program.Program>
  /** How many commands each of them was told to send. */
  readonly orders: Map<Program.Program, number>
}

/** Starts so many; the first one has the leases. */
export const open = (size: number) =>
  Effect.gen(function* () {
    const office: Office = { ...(yield* Home.open), programs: [], orders: new Map() }
    for (let n = 0; n < size; n++) yield* join(office)
    return office
  })

/** Starts one more; returns when each of its subscribers works, or follows whoever does. */
export const join = (office: Office) =>
  Effect.gen(function* () {
    const { directory, programs } = office
    const name = names.find((one) => programs.every((program) => program.name !== one)) ?? "eve"
    const program = yield* Home.start(office, "programs/working.ts", name, directory, name, lease)
    programs.push(program)
    yield* Looks.until(
      `${name} has begun`,
      () => isCalm(program),
      () => Program.shown(program)
    )
  })

/** Whoever works, and the others; waits until that is clear. */
export const roles = ({ directory, programs }: Office) =>
  Effect.gen(function* () {
    const works = (subscriber: string, owner: string) =>
      programs.some((one) => nameOf(one) === owner && one.statuses.get(subscriber) === "Live")
    yield* Looks.until(
      "each subscriber runs once, where its lease is",
      () =>
        programs.every(isCalm) &&
        programs.reduce((sum, one) => sum + working(one), 0) === Business.size &&
        // Whoever has gone on a moment ago may not know yet that it was relieved.
        Remains.leases(directory).every(({ owner, subscriber }) => works(subscriber, owner)),
      () => programs.map(Program.shown).join("; ")
    )
    const [owner, ...others] = programs.toSorted((one, two) => working(two) - working(one))
    return { owner, others }
  })

/** Has a program send so many commands. */
export const order = ({ orders }: Office, program: Program.Program, count: number, seed: number) =>
  Effect.suspend(() => {
    orders.set(program, (orders.get(program) ?? 0) + count)
    return program.tell("send", count, seed)
  })

/** Waits until everything is done that was to be done; what is not, or was done too often. */
export const unfinished = ({ directory, orders, programs }: Office): Effect.Effect<ReadonlyArray<string>> => {
  const busy = () => programs.filter((program) => Program.times(program, "sent") < (orders.get(program) ?? 0))
  return Home.finished(
    () => [...busy().map(({ name }) => `${name} still sends`), ...Remains.undone(directory)],
    ...programs
  )
}

/** Whether each of its subscribers works, or follows whoever does. */
export const isCalm = (program: Program.Program): boolean =>
  working(program) + Program.are(program, "Elsewhere") === Business.size

/** Whether each of its subscribers follows somebody else. */
export const isRelieved = (program: Program.Program): boolean =>
  Program.are(program, "Elsewhere") === Business.size

/** The name under which a program has its leases. */
export const nameOf = ({ told }: Program.Program): string =>
  told.findLast(([word]) => word === "look")?.[1] ?? ""

// internal

const names = ["ann", "ben", "cat", "dan"]

const working = (program: Program.Program) => Program.are(program, "Live")
