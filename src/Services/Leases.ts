/**
 * Who runs a subscriber. Of all programs that could, one has the lease; when it does not extend it in time, another
 * one takes it. Each change of hands raises the epoch, by which stores refuse what a former owner still writes
 * (a fencing token, as in Kleppmann's "How to do distributed locking").
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as StoreError from "./StoreError.ts"

/** The lease of a subscriber, and what operators and its owner have said about it. */
export interface Lease {
  readonly subscriber: string
  /** The program that has it, or had it last; empty when it was given back or never taken. */
  readonly owner: string
  /** How often it has changed hands; 0 when it was never taken. */
  readonly epoch: number
  /** It belongs to its owner before this time, in milliseconds since 1970 by the clock of the store; 0 without one. */
  readonly until: number
  /** An operator wants the subscriber to rest, whoever has the lease. */
  readonly paused: boolean
  /** How often an operator has asked for something: whoever runs the subscriber looks again when it has grown. */
  readonly asked: number
  /** What was said last by whoever had it then; empty before that. */
  readonly report: string
}

/** What an owner says about one of its subscribers, for whoever looks from outside. */
export interface Report {
  readonly subscriber: string
  readonly report: string
}

/** A program has the lease of a subscriber, so that nobody may forget it. */
export class LeaseHeld extends Schema.TaggedError<LeaseHeld>()("LeaseHeld", {
  subscriber: Schema.String,
  owner: Schema.String,
  /** In milliseconds since 1970, as long as its owner does not extend it. */
  until: Schema.Int
}) {
  override get message() {
    return `"${this.subscriber}" is run by ${this.owner}, which has its lease ${until(this.until)}`
  }
}

/** The port of leases. Their home is the log's database, which all programs share. */
export class Leases extends Context.Tag("everfold/Leases")<
  Leases,
  {
    /**
     * Takes or extends the lease of each subscriber that is free, has run out, or is this owner's, and writes its
     * report down; all in one transaction. Returns the leases of all of them, in the order given, whoever has them
     * now; those of others are left as they are. An owner that extends its lease, or comes back before anybody else
     * has taken it, keeps its epoch. An infinite duration never runs out.
     */
    readonly hold: (
      owner: string,
      duration: Duration.DurationInput,
      reports: ReadonlyArray<Report>
    ) => Effect.Effect<ReadonlyArray<Lease>, StoreError.StoreError>
    /** Gives back what is this owner's: anybody may take it at once, and whoever does begins an epoch. */
    readonly release: (
      owner: string,
      subscribers: ReadonlyArray<string>
    ) => Effect.Effect<void, StoreError.StoreError>
    /** Lets a subscriber rest or go on, or, without saying which, has it look again. Its owner learns of it. */
    readonly ask: (subscriber: string, paused?: boolean) => Effect.Effect<void, StoreError.StoreError>
    /**
     * Leaves a lease that nobody has out of `all`, with what was reported, until it is taken or asked about again. Its
     * epoch stays, and so does the wish of operators that the subscriber rest.
     */
    readonly forget: (subscriber: string) => Effect.Effect<void, LeaseHeld | StoreError.StoreError>
    /** Every lease that was ever taken or asked about, in the order of the code points of their subscribers. */
    readonly all: Effect.Effect<ReadonlyArray<Lease>, StoreError.StoreError>
  }
>() {}

/** Until when a lease that is held from `now` on for a duration belongs to its owner. */
export const end = (now: number, duration: Duration.DurationInput): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(now) + Math.ceil(Duration.toMillis(duration)))

/** Whether somebody has a lease. */
export const isHeld = ({ owner, until }: Lease, now: number): boolean => owner !== "" && until > now

/** Refuses an owner without a name, and text that no store could give back. */
export const checked = (
  owner: string,
  texts: ReadonlyArray<string>
): Effect.Effect<void, StoreError.StoreError> =>
  owner === "" ? invalid("the owner of a lease has a name") : checkedText([owner, ...texts])

/** Refuses text that no store could give back. */
export const checkedText = (texts: ReadonlyArray<string>): Effect.Effect<void, StoreError.StoreError> => {
  const broken = texts.find((text) => !text.isWellFormed())
  return broken === undefined
    ? Effect.void
    : invalid(`${JSON.stringify(broken.slice(0, 200))} is not Unicode`)
}

// internal

const until = (time: number): string =>
  time > lastDay ? "as long as it runs" : `until ${new Date(time).toISOString()}`

/** The last day that has a date. */
const lastDay = 8_640_000_000_000_000

const invalid = (details: string) => Effect.fail(StoreError.make("Invalid", details))
