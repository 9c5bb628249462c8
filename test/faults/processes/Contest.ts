/** What each process of several does to one log: commands on streams of all, and on one of its own. */
import { Aggregate, Message, Projection } from "everfold"
import * as Schema from "effect/Schema"

const step = { track: Schema.String, by: Schema.String }
export class Step extends Message.Struct<Step>()("Step", step) {}
export class Stepped extends Message.Struct<Stepped>()("Stepped", { ...step, count: Schema.Int }) {}

/** How often a step was decided in this process. */
export const decided = { count: 0 }

/** Counts its steps, so that no two can be decided on the same state. */
export const Track = Aggregate.make("Track", {
  events: [Stepped],
  commands: [Step],
  state: Schema.Int,
  initial: 0,
  id: ({ track }) => track
})
  .evolve({ Stepped: (count) => count + 1 })
  .decide({
    Step: (command, count) => {
      decided.count += 1
      return [Stepped.make({ ...command, count: count + 1 })]
    }
  })

/** How far each track has got. */
export const Tracks = Projection.make("tracks", {
  row: Schema.Struct({ count: Schema.Int, applied: Schema.Int }),
  events: Track.events,
  key: ({ track }) => track
}).on({ Stepped: (row, { count }) => ({ count, applied: (row?.applied ?? 0) + 1 }) })

/** The streams that all processes write to, and how many. */
export const shared: ReadonlyArray<string> = ["one", "two", "three"]

/** The track of the n-th step of a process: every fourth is its own. */
export const trackOf = (name: string, n: number): string => shared[n % (shared.length + 1)] ?? name

/** What a process says at its end. */
export const Tale = Schema.Struct({
  /** Steps that were decided again, because another process was faster. */
  decidedAgain: Schema.Int,
  /** Commands that gave up after so many attempts, and were sent again. */
  sentAgain: Schema.Int,
  /** How often BEGIN found the lock held, and how often at most in one turn of the event loop. */
  busy: Schema.Int,
  longest: Schema.Int,
  turns: Schema.Int,
  errors: Schema.Array(Schema.String)
})
export interface Tale extends Schema.Schema.Type<typeof Tale> {}
