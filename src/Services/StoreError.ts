/** The one error of infrastructure: whatever a store can meet, by its reason. */
import * as Schema from "effect/Schema"

/** Why a store could not do what it was asked. */
export const Reason = Schema.Literal(
  /** Somebody else holds the lock; trying again helps. */
  "Busy",
  /** Too much is waiting already; trying again later helps. */
  "Overloaded",
  /** The store cannot be reached or opened. */
  "Unavailable",
  /** What the store needs to run is not installed, or not for this machine. */
  "DriverMissing",
  /** No space is left; reads go on, writes resume when there is space. */
  "Full",
  /** The file, its folder or its disk may not be written. */
  "ReadOnly",
  /** There is a file, and it is none of ours. */
  "NotADatabase",
  /** A newer version of the software has written here. */
  "NewerSchema",
  /** The store is damaged. */
  "Corrupt",
  /** A checkpoint is ahead of the log: it belongs to another log, or to this one before it was restored. */
  "ForeignCheckpoint",
  /** The log has a hole after this position; nothing is skipped. */
  "PositionGap",
  /** A stored event is of a type or revision that this program does not know, or does not decode. */
  "Undecodable",
  /** What was to be stored cannot be stored: an invalid event, stream id or row. */
  "Invalid",
  /** What was to be stored is beyond a limit. */
  "TooLarge",
  /** The store may or may not have done it. */
  "OutcomeUnknown"
)
export type Reason = typeof Reason.Type

/** Infrastructure failed, or met data that it refuses. Nothing was written, unless the reason says otherwise. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  reason: Reason,
  details: Schema.String,
  /** Sent again under this id, a command whose outcome is unknown is answered for certain. */
  commandId: Schema.optional(Schema.String),
  cause: Schema.optional(Schema.Defect)
}) {
  override get message() {
    return `${this.reason}: ${this.details}`
  }

  /** Whether the same call can succeed later without anybody's help. */
  get transient(): boolean {
    return ["Busy", "Overloaded", "Unavailable", "Full"].includes(this.reason)
  }
}

/** A store error with its reason and what happened. */
export const make = (reason: Reason, details: string, cause?: unknown): StoreError =>
  new StoreError({ reason, details, ...(cause === undefined ? {} : { cause }) })

/** Whether nobody knows what has happened. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof StoreError && error.reason === "OutcomeUnknown"

/** Nobody knows whether a command has taken effect; whoever sends it again under its id will. */
export const unknown = (commandId: string, { cause, details }: StoreError): StoreError =>
  new StoreError({ reason: "OutcomeUnknown", details, commandId, cause })
