/** What the process that is killed does: commands of three kinds, a projection, and a reaction to a reaction. */
import type { Commit, StoreError } from "everfold"
import { Aggregate, CommandHandler, JsonDoor, Message, Projector, Reactor } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { InsufficientFunds } from "../../Bank.ts"
import { Account, Balances, Journal, Letter, Letters, Notes, deposit, withdraw } from "../../Bank.ts"

const parcel = { parcelId: Schema.String }
class Pack extends Message.Struct<Pack>()("Pack", parcel) {}
class Packed extends Message.Struct<Packed>()("Packed", { ...parcel, piece: Schema.Int }) {}

/** How many events a command of a parcel leads to. */
export const pieces = 12

/** Each of its commands is a commit of many events. */
export const Parcel = Aggregate.make("Parcel", {
  events: [Packed],
  commands: [Pack],
  state: Schema.Int,
  initial: 0,
  id: (command) => command.parcelId
})
  .evolve({ Packed: (count) => count + 1 })
  .decide({
    Pack: ({ parcelId }, packed) =>
      Array.from({ length: pieces }, (_, piece) => Packed.make({ parcelId, piece: packed + piece }))
  })

export type Command = Aggregate.Command<typeof Account> | Aggregate.Command<typeof Parcel>

/** Commands as text, from one process to another. */
export const door = JsonDoor.make(Schema.Union(...Account.commands, ...Parcel.commands))

const { constantFrom, integer, oneof, record } = FastCheck

const accountId = constantFrom("alice", "bob", "carol")
const transfer = record({ accountId, amount: integer({ min: 1, max: 20 }) })

export const command: FastCheck.Arbitrary<Command> = oneof(
  transfer.map(({ accountId, amount }) => deposit(accountId, amount)),
  transfer.map(({ accountId, amount }) => withdraw(accountId, amount)),
  constantFrom("p", "q").map((parcelId) => Pack.make({ parcelId }))
)

/** Sends a command to the aggregate that it is for; the positions of the events that it has led to. */
export const send = (command: Command, commandId: string) => {
  const receipt: Effect.Effect<CommandHandler.Receipt, Refused, CommandHandler.CommandHandler> =
    command._tag === "Pack"
      ? CommandHandler.handle(Parcel, command, { commandId })
      : CommandHandler.handle(Account, command, { commandId })
  return Effect.map(receipt, ({ events }) => events.map(({ position }) => position))
}

type Refused = InsufficientFunds | Commit.VersionConflict | Commit.CommandIdReused | StoreError.StoreError

/** The whole program on the files of a folder. */
export const program = (directory: string) =>
  Layer.mergeAll(
    Projector.layer(Balances),
    Reactor.layer(Letters, [Letter]),
    Reactor.layer(Notes, [Journal])
  ).pipe(Layer.provideMerge(SqliteStack.layer({ directory, lease: "500 millis" })))
