/** What several processes run on one folder: a subscriber of every kind, each with something that can be counted. */
import { Process, ProcessManager, Projector, Reactor, Subscriber } from "everfold"
import { SqliteStack, TableProjector } from "everfold/sqlite"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import { Account, Balances, Deposited, Journal, Letter, Letters, Note, Notes } from "../../Bank.ts"
import { Movements } from "../statements/World.ts"

/** Where a program runs, and how long its leases last. */
export interface Options {
  readonly directory: string
  readonly lease: Duration.DurationInput
}

/** Every deposit is welcomed at once, and once more a little later. */
export const Welcome = Process.make("welcome", {
  state: Schema.Struct({}),
  initial: {},
  events: [Deposited],
  commands: [Note],
  key: (_, { id }) => id
}).on({
  Deposited: (state, _, { id }) => ({
    state,
    send: [note(`${id} welcomed`)],
    timers: [Process.after("30 millis", "again", note(`${id} welcomed again`))]
  })
})

/** What the subscriber with effects has done: a line in a file, with the key of the effect. */
export const effectsIn = (directory: string): string => join(directory, "effects.txt")

/** The subscribers. */
export const subscribers = (directory: string) =>
  Layer.mergeAll(
    Projector.layer(Balances),
    TableProjector.layer(Movements),
    Reactor.layer(Letters, [Letter]),
    Reactor.layer(Notes, [Journal]),
    ProcessManager.layer(Welcome, [Journal]),
    Subscriber.layer(auditIn(directory))
  )

/** How many there are. */
export const size = 6

/** The stack that they run on. */
export const stack = ({ directory, lease }: Options) =>
  SqliteStack.layer({ directory, durability: "NORMAL", lease, poll: "20 millis" })

// internal

const note = (text: string) => Note.make({ journalId: "welcome", text })

const auditIn = (directory: string) => {
  const line = (_: unknown, __: unknown, { key }: Subscriber.Attempt) =>
    Effect.sync(() => appendFileSync(effectsIn(directory), `${key}\n`))
  return Subscriber.make("audit", { events: Account.events }).on({ Deposited: line, Withdrawn: line })
}
