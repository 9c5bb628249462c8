/** What tests of processes stand on: homes that outlive a program, a program that dies, and what is left behind. */
import type { Commit, StoreError } from "everfold"
import {
  Engine,
  EventStore,
  MemoryEventStore,
  MemoryLeases,
  MemoryReadModel,
  MemorySnapshots,
  Notes,
  Process,
  QueueDoorbell,
  Subscriptions,
  UuidIds
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Deposited, Note, Noted, Send, Withdrawn } from "../Bank.ts"
import { folder, log, wrapped } from "./Stacks.ts"

/** Stores that outlive programs: each time the layer is built, another program begins on them. */
export interface Home {
  readonly name: string
  readonly make: Effect.Effect<Layer.Layer<Engine.Stack, StoreError.StoreError>, never, Scope.Scope>
}

const memory = Layer.mergeAll(
  MemoryEventStore.layer,
  MemorySnapshots.layer,
  MemoryLeases.layer,
  MemoryReadModel.layer
).pipe(Layer.provideMerge(QueueDoorbell.layer), Layer.provideMerge(UuidIds.layer))

/** Nobody looks at the log but when the doorbell rings, and no lease runs out: only timers wait for time to pass. */
const quiet = { poll: "100000 days", lease: Duration.infinity } as const

export const homes: ReadonlyArray<Home> = [
  {
    name: "memory",
    make: Effect.map(Layer.build(memory), (stores) =>
      Engine.layer().pipe(Layer.provideMerge(Layer.succeedContext(stores)))
    )
  },
  {
    name: "SQLite",
    make: Effect.map(folder, (directory) => SqliteStack.layer({ directory, durability: "NORMAL", ...quiet }))
  }
]

/** A log that is seen through `change` by the subscribers that are built on it. */
export const through = (change: (commit: Commit.Commit, write: Append) => Append) =>
  wrapped(EventStore.EventStore, (store) => ({
    ...store,
    append: (commit, queued) => Effect.suspend(() => change(commit, store.append(commit, queued)))
  }))

type Append = ReturnType<EventStore.EventStore["Type"]["append"]>

/** A program that ends with its n-th commit: it is written, or not, and nothing comes after it. */
export const dying = (last: number, written: boolean) => {
  const death = Deferred.unsafeMake<void>(FiberId.none)
  let commits = 0
  const layer = through((_, write) =>
    Effect.suspend(() => {
      commits += 1
      if (commits < last) return write
      const end = Effect.zipRight(Deferred.succeed(death, undefined), Effect.never)
      return written && commits === last ? Effect.zipRight(write, end) : end
    })
  )
  /** Says whether the program was done before. */
  const live = <A, E, R>(program: Effect.Effect<A, E, R>) =>
    Effect.raceFirst(Effect.as(program, true), Effect.as(Deferred.await(death), false))
  return { layer, live, died: Deferred.isDone(death) }
}

/** What a process has kept, by kind. */
export const kept = (name: string, kind: "state" | "outgoing" | "timer" | "parked" | "retry") =>
  Effect.flatMap(Notes.Notes, (notes) => notes.find({ subscriber: name, kind }))

/** The states of a process, by key. */
export const statesOf = (name: string) =>
  Effect.map(kept(name, "state"), (notes): Record<string, unknown> =>
    Object.fromEntries(notes.map(({ key, value }) => [key, JSON.parse(value).state]))
  )

/** The ids of the letters that were sent, in order. */
export const sent = Effect.map(log, (events) =>
  events.filter(({ type }) => type === "Sent").map(({ payload }): string => JSON.parse(payload).letterId)
)

/** Runs something while a subscriber is running; then that program ends. */
export const once =
  <L, E>(stack: Layer.Layer<Engine.Stack, StoreError.StoreError>, running: Layer.Layer<L, E, Engine.Stack>) =>
  <A, E2>(program: Effect.Effect<A, E2, L | Engine.Stack>) =>
    Effect.provide(program, Layer.provideMerge(running, stack))

/** Everything is dealt with. */
export const settled = Subscriptions.settled

/** What a saver has: the balance of an account, and what was noted about it in the journal of the same name. */
export const savings = {
  state: Schema.Struct({ balance: Schema.Int, texts: Schema.Array(Schema.String) }),
  initial: { balance: 0, texts: [] },
  events: [Deposited, Withdrawn, Noted],
  commands: [Send, Note],
  key: (event: Deposited | Withdrawn | Noted) => (event._tag === "Noted" ? event.journalId : event.accountId)
} as const

type Saving = typeof savings.state.Type
type Step = Process.Step<Saving, Send | Note>

/** A process over accounts and journals: what it does at a deposit is up to the test. */
export const saver = (
  deposited: (
    state: Saving,
    event: Deposited,
    recorded: { readonly position: number }
  ) => Omit<Step, "state"> = () => ({})
) =>
  Process.make("saver", savings).on({
    Deposited: (state, event, recorded) => ({
      state: { ...state, balance: state.balance + event.amount },
      ...deposited(state, event, recorded)
    }),
    Withdrawn: (state, { amount }) => ({ state: { ...state, balance: state.balance - amount } }),
    Noted: (state, { text }) => ({ state: { ...state, texts: [...state.texts, text] } })
  })
