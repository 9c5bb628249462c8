/** Telling people outside what they have to know. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A letter. */
export interface Notice {
  readonly to: string
  readonly subject: string
  readonly body: string
  /** The same each time that the same notice is sent, so that whoever receives it can drop the second one. */
  readonly key: string
}

/** It could not be handed over. */
export class NotSent extends Schema.TaggedError<NotSent>()("NotSent", { details: Schema.String }) {
  override get message() {
    return this.details
  }
}

/** The port of notices. */
export class Notifier extends Context.Tag("everfold/Allocation/Notifier")<
  Notifier,
  {
    /** Returns when somebody else has taken charge of the notice. Sent twice, it may arrive twice. */
    readonly send: (notice: Notice) => Effect.Effect<void, NotSent>
  }
>() {}
