/** A cycle: others write, whoever works is killed or stopped, somebody takes over, and the former one comes back. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Files from "../statements/Files.ts"
import * as Account from "./Account.ts"
import * as Office from "./Office.ts"

/** What happens to whoever works; inside a transaction it has the write lock. */
export const kinds = ["killed", "stopped", "stopped inside a transaction"] as const

/** When and how. */
export interface Plan {
  readonly seed: number
  /** How long after the others have begun to write, in milliseconds. */
  readonly delay: number
  readonly kind: (typeof kinds)[number]
}

/** Makes a cycle; the promises that did not hold. */
export const run = (office: Office.Office, plan: Plan, account: Account.Account) =>
  Effect.gen(function* () {
    const { others, owner } = yield* Office.roles(office)
    if (owner === undefined) return ["nobody works"]
    for (const one of others) yield* Office.order(office, one, commands, plan.seed)
    yield* Effect.sleep(plan.delay)
    const violations =
      plan.kind === "killed"
        ? yield* killed(office, owner, others, account)
        : yield* stopped(office, owner, others, plan, account)
    return [...violations, ...(yield* Office.unfinished(office)), ...lasting(office)]
  })

// internal

/** How many each of the others sends. */
const commands = 12

const killed = (
  office: Office.Office,
  owner: Program.Program,
  others: ReadonlyArray<Program.Program>,
  account: Account.Account
) =>
  Effect.gen(function* () {
    const wait = Account.takenOver(office.directory, owner, others)
    yield* owner.signal("SIGKILL")
    const taken = yield* wait
    account.killed.push(taken)
    yield* replaced(office, owner)
    return Account.late(taken)
  })

const stopped = (
  office: Office.Office,
  owner: Program.Program,
  others: ReadonlyArray<Program.Program>,
  { kind, seed }: Plan,
  account: Account.Account
) =>
  Effect.gen(function* () {
    if (kind === "stopped") yield* owner.signal("SIGSTOP")
    else if (!(yield* freeze(office, owner, others, seed))) return []
    const wait = Account.takenOver(office.directory, owner, others)
    const isHeld = (file: string) =>
      Effect.map(
        Looks.within(1000, () => Remains.isFree(office.directory, file)),
        (free) => !free
      )
    const violations: Array<string> = []
    if (yield* isHeld("log.db")) {
      account.locked += 1
    } else {
      const taken = yield* wait
      account.stopped.push(taken)
      violations.push(...Account.late(taken))
      if (!(yield* isHeld("read.db"))) {
        return [...violations, ...(yield* Office.unfinished(office)), ...(yield* comesBack(office, owner))]
      }
      account.rowsLocked += 1
    }
    // Nobody else can do anything about it.
    if (yield* Random.nextBoolean) yield* owner.signal("SIGCONT")
    else {
      yield* owner.signal("SIGKILL")
      yield* replaced(office, owner)
    }
    return violations
  })

/** Has a program stand still inside its next transaction, unless it is relieved before that. */
const freeze = (
  office: Office.Office,
  owner: Program.Program,
  others: ReadonlyArray<Program.Program>,
  seed: number
) =>
  Effect.gen(function* () {
    // It may have stood still in an earlier cycle.
    const before = Program.times(owner, "frozen")
    const stands = () => Program.times(owner, "frozen") > before
    const told = (file: string) => {
      const heard = Program.times(owner, "freezing")
      return Effect.zipRight(
        owner.tell("freeze", file),
        Looks.until("it has heard", () => stands() || Program.times(owner, "freezing") > heard)
      )
    }
    yield* told(seed % 2 === 0 ? "log.db" : "read.db")
    // What it has to do may be done.
    for (const one of others) yield* Office.order(office, one, commands, -seed)
    yield* Looks.until(
      "it stands still",
      () => stands() || Office.isRelieved(owner),
      () => [owner, ...others].map(Program.shown).join("; ")
    )
    if (!stands()) yield* told("no file")
    return stands()
  })

const replaced = (office: Office.Office, former: Program.Program) =>
  Effect.gen(function* () {
    yield* former.end
    office.programs.splice(office.programs.indexOf(former), 1)
    yield* Office.join(office)
  })

/** Whoever stood still goes on, with what it was about to do: nothing of that may be written. */
const comesBack = (office: Office.Office, former: Program.Program) =>
  Effect.gen(function* () {
    const before = Remains.everything(office.directory)
    const looks = Program.times(former, "look")
    yield* former.signal("SIGCONT")
    yield* Looks.until(
      `${former.name} learns that it was relieved`,
      () => Office.isCalm(former) && Program.times(former, "look") > looks + 1,
      () => Program.shown(former)
    )
    const after = Remains.everything(office.directory)
    return after === before ? [] : [`whoever came back has changed something: ${difference(before, after)}`]
  })

const difference = (before: string, after: string): string => {
  const old = new Set(before.split("\n"))
  return after
    .split("\n")
    .filter((line) => !old.has(line))
    .join(" ")
    .slice(0, 400)
}

/** What is true however often somebody was torn out of his work. */
const lasting = ({ directory }: Office.Office): ReadonlyArray<string> => [
  ...Files.damage(directory),
  ...Remains.outOfOrder(directory),
  ...Remains.repeated(directory)
]
