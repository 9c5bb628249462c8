/** A shop whose files somebody lays hands on, and an account of what was done twice. */
import {
  type Engine,
  Projector,
  ReadModel,
  Soundness,
  type StoreError,
  Subscriber,
  Subscriptions,
  type Verification
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import * as Purchasing from "../../Layers/Purchasing/Module.ts"
import * as Heard from "../Heard.ts"
import * as Outside from "../Outside.ts"
import { quote, say, table } from "../Terminal.ts"

type Io<A = void> = Effect.Effect<A, StoreError.StoreError>

/** What can be done to the files of a program from outside. */
export interface Files {
  readonly stack: Layer.Layer<Engine.Stack, StoreError.StoreError>
  /** Deletes the read database, in use or not. */
  readonly deleteRows: Io
  readonly backup: Io<Verification.Report>
  /** Makes the log from the last backup, and returns its epoch. */
  readonly restore: Io<number>
  readonly verify: Io<Verification.Report>
  /** Puts another byte behind this text in the file of the log. */
  readonly flip: (text: string) => Io
  readonly forgetCheckpoints: Io
  /** A disk that can be filled, or why there is none. */
  readonly disk: Effect.Effect<Disk | string, StoreError.StoreError, Scope.Scope>
}

/** A small disk with a program's files. */
export interface Disk extends Pick<Files, "stack" | "verify"> {
  /** Writes something else there until there is no room. */
  readonly fill: Io
  /** Deletes that again. */
  readonly free: Io
}

/** The shop, its files, and who listens. */
export interface Drill {
  readonly files: Files
  readonly heard: Heard.Heard
  readonly outside: Outside.Outside
  /** The program; each time that it is provided, it is started, and ended afterwards. */
  readonly app: ReturnType<typeof appOn>
}

export const make = (files: Files): Drill => {
  const outside = Outside.make()
  return { files, outside, heard: Heard.make(), app: appOn(files, outside) }
}

/** The shop on the stack of some files. */
export const appOn = ({ stack }: Pick<Files, "stack">, { letters }: Outside.Outside) =>
  Layer.mergeAll(Projector.layer(ProductDetail), Subscriber.layer(letters), Purchasing.layer).pipe(
    Layer.provideMerge(stack)
  )

/** How many there are of each product, as readers see it. */
export const rows = Effect.map(ReadModel.list(ProductDetail), ({ rows }) =>
  rows.map(({ id, stock }) => `${stock} ${id}s`).join(", ")
)

/** Every subscriber, and what it is doing. */
export const states = Effect.gen(function* () {
  const all = yield* Subscriptions.status
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  yield* table(sorted.map(({ name, status }) => ["", name, status]))
})

/** What a verification has found. */
export const tellReport = ({ events, problems }: Verification.Report) =>
  problems.length === 0
    ? say(`verify: sound, ${events} events.`)
    : quote(`verify: ${problems.map((problem) => Soundness.describe(problem)).join("; ")}`)
