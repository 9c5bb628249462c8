import { Aggregate, CommandHandler, MemoryStack, Message, Projection, Projector, ReadModel } from "everfold"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const money = { accountId: Schema.String, amount: Schema.Int.pipe(Schema.positive()) }
class Deposit extends Message.Struct<Deposit>()("Deposit", money) {}
class Withdraw extends Message.Struct<Withdraw>()("Withdraw", money) {}
class Deposited extends Message.Struct<Deposited>()("Deposited", money) {}
class Withdrawn extends Message.Struct<Withdrawn>()("Withdrawn", money) {}
class InsufficientFunds extends Schema.TaggedError<InsufficientFunds>()("InsufficientFunds", {
  balance: Schema.Int
}) {}

const Account = Aggregate.make("Account", {
  events: [Deposited, Withdrawn],
  commands: [Deposit, Withdraw],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId
})
  .evolve({
    Deposited: (state, event) => ({ balance: state.balance + event.amount }),
    Withdrawn: (state, event) => ({ balance: state.balance - event.amount })
  })
  .decide({
    Deposit: (command) => [Deposited.make({ ...command })],
    Withdraw: (command, state) =>
      state.balance < command.amount
        ? new InsufficientFunds({ balance: state.balance })
        : [Withdrawn.make({ ...command })]
  })

const Balances = Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String, balance: Schema.Int }),
  events: Account.events,
  key: (event) => event.accountId
}).on({
  Deposited: (row, event) => ({ accountId: event.accountId, balance: (row?.balance ?? 0) + event.amount }),
  Withdrawn: (row, event) => row && { ...row, balance: row.balance - event.amount }
})

const program = Effect.gen(function* () {
  yield* CommandHandler.handle(Account, Deposit.make({ accountId: "alice", amount: 100 }))
  const receipt = yield* CommandHandler.handle(Account, Withdraw.make({ accountId: "alice", amount: 30 }))
  const { row } = yield* ReadModel.get(Balances, "alice", { atLeast: receipt })
  yield* Console.log(Option.getOrThrow(row))
})

const Bank = Projector.layer(Balances).pipe(Layer.provideMerge(MemoryStack.layer))

await Effect.runPromise(Effect.provide(program, Bank))
