// What is inferred without an annotation. `Errors.test.ts` has the compiler read this file.
import {
  Aggregate,
  CommandHandler,
  Commit,
  Engine,
  Event,
  EventStore,
  History,
  Message,
  MessageBus,
  Process,
  ProcessManager,
  Projection,
  Projector,
  Reaction,
  Reactor,
  ReadModel,
  StoreError,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { expect, expectTypeOf, it } from "vitest"
import {
  Account,
  AlreadySent,
  Balances,
  deposit,
  Deposit,
  Deposited,
  InsufficientFunds,
  Letter,
  Letters,
  Send,
  Sent,
  withdraw,
  Withdraw,
  Withdrawn
} from "../Bank.ts"

type Failure = Commit.VersionConflict | Commit.CommandIdReused | StoreError.StoreError
type Receipt = CommandHandler.Receipt<Deposited | Withdrawn>

it("a command fails with its own rejections only", () => {
  expectTypeOf(CommandHandler.handle(Account, deposit("alice", 1))).toEqualTypeOf<
    Effect.Effect<Receipt, Failure, CommandHandler.CommandHandler>
  >()
  expectTypeOf(CommandHandler.handle(Account, withdraw("alice", 1))).toEqualTypeOf<
    Effect.Effect<Receipt, InsufficientFunds | Failure, CommandHandler.CommandHandler>
  >()
  const either = deposit("alice", 1) as Deposit | Withdraw
  expectTypeOf(CommandHandler.handle(Account, either)).toEqualTypeOf<
    Effect.Effect<Receipt, InsufficientFunds | Failure, CommandHandler.CommandHandler>
  >()
  // Also through a function that is generic in the command.
  const handle = Effect.fn("handle")(function* <C extends Deposit | Withdraw>(command: C) {
    return yield* CommandHandler.handle(Account, command)
  })
  expectTypeOf(handle(deposit("alice", 1))).toEqualTypeOf<
    Effect.Effect<Receipt, Failure, CommandHandler.CommandHandler>
  >()
})

it("catching the rejection of another command does not compile", () => {
  const caught = CommandHandler.handle(Account, withdraw("alice", 1)).pipe(
    Effect.catchTag("InsufficientFunds", ({ balance }) => Effect.succeed(balance))
  )
  expectTypeOf<Effect.Effect.Error<typeof caught>>().toEqualTypeOf<Failure>()
  const never = CommandHandler.handle(Account, deposit("alice", 1)).pipe(
    // @ts-expect-error -- a deposit is never refused
    Effect.catchTag("InsufficientFunds", () => Effect.void)
  )
  expect(Effect.isEffect(never)).toBe(true)
})

it("given and decide have the same errors as handle", () => {
  type Decided<E> = Either.Either<ReadonlyArray<Deposited | Withdrawn>, E>
  expectTypeOf(Aggregate.given(Account).when(deposit("alice", 1))).toEqualTypeOf<Decided<never>>()
  expectTypeOf(Aggregate.given(Account).when(withdraw("alice", 1))).toEqualTypeOf<
    Decided<InsufficientFunds>
  >()
  expectTypeOf<Aggregate.RejectionOf<typeof Letter>>().toEqualTypeOf<AlreadySent>()
  expectTypeOf<Aggregate.RejectionOf<typeof Account, Deposit>>().toEqualTypeOf<never>()
  expectTypeOf<Aggregate.State<typeof Letter>>().toEqualTypeOf<"draft" | "sent">()
  expectTypeOf<Aggregate.Event<typeof Account>>().toEqualTypeOf<Deposited | Withdrawn>()
  expectTypeOf<Aggregate.Command<typeof Account>>().toEqualTypeOf<Deposit | Withdraw>()
})

it("a state of literals and tagged unions needs no annotation", () => {
  const State = Schema.Union(
    Schema.TaggedStruct("None", {}),
    Schema.TaggedStruct("Open", { lines: Schema.Array(Schema.String), status: Schema.Literal("new", "paid") })
  )
  Aggregate.make("Order", {
    events: [Sent],
    commands: [Send],
    state: State,
    initial: { _tag: "None" },
    id: ({ letterId }) => letterId
  })
    .evolve({
      Sent: (state, event) => {
        expectTypeOf(state).toEqualTypeOf<typeof State.Type>()
        expectTypeOf(event).toEqualTypeOf<Sent>()
        return state._tag === "Open"
          ? { ...state, status: "paid" }
          : { _tag: "Open", lines: [], status: "new" }
      }
    })
    .decide({
      Send: (command, state, { id, now }) => {
        expectTypeOf(command).toEqualTypeOf<Send>()
        expectTypeOf(state).toEqualTypeOf<typeof State.Type>()
        expectTypeOf(now).toEqualTypeOf<number>()
        expectTypeOf(id).toEqualTypeOf<(n: number) => string>()
        return []
      }
    })
})

it("a message is a class in the types and the tagged object underneath", () => {
  expectTypeOf<Deposit["_tag"]>().toEqualTypeOf<"Deposit">()
  expectTypeOf<Deposit["amount"]>().toEqualTypeOf<number>()
  expectTypeOf(Deposit.make({ accountId: "a", amount: 1 })).toEqualTypeOf<Deposit>()
  expectTypeOf<typeof Deposit.Type>().toEqualTypeOf<Deposit>()
  expectTypeOf<typeof Deposit.Encoded>().toEqualTypeOf<{
    readonly _tag: "Deposit"
    readonly accountId: string
    readonly amount: number
  }>()
  class Empty extends Message.Struct<Empty>()("Empty", {}) {}
  expectTypeOf(Empty.make()).toEqualTypeOf<Empty>()
})

it("a projection's handlers and rows", () => {
  type Row = { readonly accountId: string; readonly balance: number; readonly applied: number }
  expectTypeOf(Projection.run(Balances, [])).toEqualTypeOf<ReadonlyMap<string, Row>>()
  Projection.make("all", {
    row: Schema.Struct({ status: Schema.Literal("open", "closed") }),
    events: [...Account.events, Sent],
    key: (event, recorded) => {
      expectTypeOf(event).toEqualTypeOf<Deposited | Withdrawn | Sent>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Deposited | Withdrawn | Sent>>()
      return recorded.stream
    }
  }).on({
    Deposited: (row, event, recorded) => {
      expectTypeOf(row).toEqualTypeOf<{ readonly status: "open" | "closed" } | undefined>()
      expectTypeOf(event).toEqualTypeOf<Deposited>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Deposited>>()
      return { status: "open" }
    },
    Withdrawn: Projection.unchanged,
    Sent: () => undefined
  })
})

it("a query needs the projection that it asks to be running", () => {
  type Row = { readonly accountId: string; readonly balance: number; readonly applied: number }
  type Failed = ReadModel.Rebuilding | StoreError.StoreError | Subscriptions.SubscriberHalted
  type Needs = ReadModel.ReadModel | Subscriptions.Running<"balances">
  expectTypeOf(ReadModel.get(Balances, "alice")).toEqualTypeOf<
    Effect.Effect<{ readonly row: Option.Option<Row>; readonly asOf: ReadModel.AsOf }, Failed, Needs>
  >()
  expectTypeOf(ReadModel.count(Balances)).toEqualTypeOf<
    Effect.Effect<{ readonly count: number; readonly asOf: ReadModel.AsOf }, Failed, Needs>
  >()
  const page = ReadModel.list(Balances, { orderBy: "balance", where: { balance: 1 } })
  expectTypeOf<Effect.Effect.Context<typeof page>>().toEqualTypeOf<Needs>()
  expectTypeOf<Effect.Effect.Success<typeof page>["rows"]>().toEqualTypeOf<ReadonlyArray<Row>>()
  expectTypeOf<Layer.Layer.Success<ReturnType<typeof balancesRun>>>().toEqualTypeOf<
    Subscriptions.Running<"balances">
  >()
  // @ts-expect-error -- only declared fields are filtered by
  const undeclared = ReadModel.count(Balances, { where: { accountId: "alice" } })
  expect(Effect.isEffect(undeclared)).toBe(true)
})

it("waiting goes by value", () => {
  expectTypeOf(Subscriptions.reached(Balances, { position: 1 })).toEqualTypeOf<
    Effect.Effect<void, Subscriptions.SubscriberHalted, Subscriptions.Running<"balances">>
  >()
  expectTypeOf<Layer.Layer.Success<typeof lettersRun>>().toEqualTypeOf<Subscriptions.Running<"letters">>()
})

it("a subscriber needs what its handlers need", () => {
  const sender = Subscriber.make("sender", { events: Account.events }).on({
    Deposited: (event, recorded, attempt) => {
      expectTypeOf(event).toEqualTypeOf<Deposited>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Deposited>>()
      expectTypeOf(attempt).toEqualTypeOf<{ readonly key: string; readonly attempt: number }>()
      return Effect.void
    },
    Withdrawn: ({ accountId }) => CommandHandler.handle(Letter, Send.make({ letterId: accountId }))
  })
  expectTypeOf(sender.handle).returns.toEqualTypeOf<
    Effect.Effect<unknown, unknown, CommandHandler.CommandHandler>
  >()
})

it("a reaction's events and commands", () => {
  Reaction.make("r", { events: [Withdrawn], commands: [Send] }).on({
    Withdrawn: (event, recorded) => {
      expectTypeOf(event).toEqualTypeOf<Withdrawn>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Withdrawn>>()
      return [Send.make({ letterId: event.accountId })]
    }
  })
})

it("a process's state, events and commands", () => {
  const saver = Process.make("saver", {
    state: Schema.Struct({ phase: Schema.Literal("new", "known") }),
    initial: { phase: "new" },
    events: Account.events,
    commands: [Send],
    key: (event, recorded) => {
      expectTypeOf(event).toEqualTypeOf<Deposited | Withdrawn>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Deposited | Withdrawn>>()
      return event.accountId
    }
  }).on({
    Deposited: (state, event, recorded) => {
      expectTypeOf(state).toEqualTypeOf<{ readonly phase: "new" | "known" }>()
      expectTypeOf(event).toEqualTypeOf<Deposited>()
      expectTypeOf(recorded).toEqualTypeOf<Event.Recorded<Deposited>>()
      return {
        state: { phase: "known" },
        timers: [Process.after("1 hour", "idle", Send.make({ letterId: "l" }))]
      }
    },
    Withdrawn: () => ({})
  })
  expectTypeOf(saver.step).returns.toEqualTypeOf<Process.Step<{ readonly phase: "new" | "known" }, Send>>()
  expectTypeOf(ProcessManager.layer(saver, [Letter])).toExtend<
    Layer.Layer<Subscriptions.Running<"saver">, Subscriptions.DuplicateSubscriber, Engine.Stack>
  >()
})

it("history and listeners are typed", () => {
  expectTypeOf(History.of(Account, "alice")).toEqualTypeOf<
    Effect.Effect<
      ReadonlyArray<Event.Recorded<Deposited | Withdrawn>>,
      StoreError.StoreError,
      EventStore.EventStore
    >
  >()
  expectTypeOf(History.stateAt(Letter, "l")).toEqualTypeOf<
    Effect.Effect<"draft" | "sent", StoreError.StoreError, EventStore.EventStore>
  >()
  expectTypeOf(MessageBus.listen([Deposited])).toEqualTypeOf<
    Stream.Stream<Event.Recorded<Deposited>, MessageBus.Lagged | StoreError.StoreError, MessageBus.MessageBus>
  >()
})

it("a handler that only throws needs nothing", () => {
  const broken = () => {
    throw new Error("not written yet")
  }
  const letters = Subscriber.make("broken", { events: [Sent] }).on({ Sent: broken })
  expectTypeOf(letters).toEqualTypeOf<Subscriber.Subscriber<"broken", Sent, never>>()
})

const balancesRun = () => Projector.layer(Balances)
const lettersRun = Reactor.layer(Letters, [Letter])
