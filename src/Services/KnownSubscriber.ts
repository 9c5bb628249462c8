/** Subscribers that are certainly meant: by their declaration, or by a name that was looked up. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Lease } from "./Leases.ts"
import { Leases } from "./Leases.ts"
import type * as StoreError from "./StoreError.ts"
import type { Named } from "./Wish.ts"

/** A subscriber as it was declared, or as `find` has found it: a name alone may be misspelt. */
export type KnownSubscriber = Declared | Found

/** A projection, a reaction, a process, or a subscriber with effects; it need not have run yet. */
export interface Declared extends Named {
  readonly codec: object
}

/** A subscriber that runs, or has run, or was asked about. */
export interface Found extends Named {
  readonly lease: Lease
}

/** No subscriber has this name: it is misspelt, has never run, or was forgotten. */
export class UnknownSubscriber extends Schema.TaggedError<UnknownSubscriber>()("UnknownSubscriber", {
  subscriber: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    const others = this.known.length === 0 ? "none has ever run here" : `there are: ${this.known.join(", ")}`
    return `no subscriber is called "${this.subscriber}"; ${others}`
  }
}

/** Finds a subscriber by its name, for whoever does not have its declaration: a script, a form, a command line. */
export const find = (name: string): Effect.Effect<Found, StoreError.StoreError | UnknownSubscriber, Leases> =>
  Effect.gen(function* () {
    const leases = yield* Effect.flatMap(Leases, ({ all }) => all)
    const lease = leases.find(({ subscriber }) => subscriber === name)
    if (lease !== undefined) return { name, lease }
    return yield* new UnknownSubscriber({
      subscriber: name,
      known: leases.map(({ subscriber }) => subscriber)
    })
  })
