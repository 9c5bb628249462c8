/** Sends what a process has decided: from where it is stored, in order, exactly once, timers when they are due. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Advance } from "../Domain/Commit.ts"
import type { Note } from "../Domain/Note.ts"
import type { Query } from "../Services/Notes.ts"
import type { Changes, Checkpoint, Home } from "./Checkpoint.ts"
import * as Failure from "./Failure.ts"
import type { ParkedEvents } from "./ParkedEvents.ts"
import * as ProcessMemory from "./ProcessMemory.ts"

/** The outbox of a process, from a checkpoint on. */
export interface Outbox {
  /** These have been put into it, and written down. */
  readonly added: (notes: ReadonlyArray<Note>) => void
  /** Sends what waits to be sent, and the timers that are due by `time`; says when the next one is. */
  readonly flush: (time: number) => Effect.Effect<number | undefined, Failure.Failure>
}

/** What an outbox works with. */
export interface Options {
  readonly home: Home
  readonly checkpoint: Checkpoint
  readonly parked: ParkedEvents
  /** Sends commands together with a step. */
  readonly send: (outgoing: ProcessMemory.Outgoing, step: Advance) => Effect.Effect<void, unknown>
}

/** Opens the outbox of a process. What waits behind something that is set aside stays where it is until the next session. */
export const open = (options: Options): Outbox => {
  const { kinds } = ProcessMemory
  const { notes } = options.home
  const { subscriber } = options.checkpoint
  const sendOne = sending(options)
  /** Of what is to be sent at once: whatever stands up to here has been looked at. */
  let seen = start
  let waiting = true
  /** Timers that are due before this have been looked at. */
  let due: number | undefined = 0

  const added: Outbox["added"] = (all) => {
    for (const { kind, order } of all) {
      if (kind === kinds.timer) due = Math.min(due ?? order, order)
      if (kind !== kinds.outgoing) continue
      waiting = true
      if (order <= seen.order) seen = start
    }
  }

  const each = (
    query: Omit<Query, "subscriber">,
    use: (note: Note) => Effect.Effect<void, Failure.Failure>
  ) =>
    Effect.gen(function* () {
      let { after } = query
      while (true) {
        const page = yield* notes.find({ ...query, subscriber, limit, ...(after && { after }) })
        yield* Effect.forEach(page, use, { discard: true })
        if (page.length < limit) return
        after = page.at(-1)
      }
    })

  const sendOutgoing = Effect.gen(function* () {
    yield* each({ kind: kinds.outgoing, after: seen }, (note) =>
      Effect.map(sendOne(note), () => void (seen = note))
    )
    waiting = false
  })

  const sendTimers = (from: number, time: number) =>
    Effect.gen(function* () {
      const kind = kinds.timer
      yield* each({ kind, after: { order: from, key: "" }, upTo: time }, sendOne)
      const later = { order: time + 1, key: "" }
      const [next] = yield* notes.find({ subscriber, kind, after: later, limit: 1 })
      due = next?.order
    })

  const flush: Outbox["flush"] = (time) =>
    Effect.gen(function* () {
      if (waiting) yield* sendOutgoing
      if (due !== undefined && due <= time) yield* sendTimers(due, time)
      return due
    })

  return { added, flush }
}

// internal

const start: Pick<Note, "order" | "key"> = { order: -1, key: "" }

/** How much is read at a time. */
const limit = 100

/** Sends a note and takes it away in one commit, or sets it aside if it is refused; unless it has to wait. */
const sending = ({ checkpoint, home, parked, send }: Options) => {
  const { subscriber } = checkpoint

  /** The state of a process does not list a timer any more that is over. */
  const without = (timer: string | undefined, key: string) =>
    Effect.gen(function* () {
      if (timer === undefined) return []
      const found = yield* home.notes.find({ subscriber, kind: ProcessMemory.kinds.state, key })
      return yield* Effect.forEach(found, (note) => ProcessMemory.withoutTimer(note, timer))
    })

  const refused = (note: Note, outgoing: ProcessMemory.Outgoing, cause: unknown, changes: Changes) => {
    const { commands, key, position } = outgoing
    const event = `${commands.map(({ type }) => type).join(", ")} (${subscriber} of ${key})`
    const one = { sequence: key, position, event, cause, attempts: 1, commands: note.value }
    return parked.giveUp(one, checkpoint.position(), changes)
  }

  return (note: Note): Effect.Effect<void, Failure.Failure> =>
    Effect.gen(function* () {
      const outgoing = yield* ProcessMemory.readOutgoing(note.value)
      const { key, timer } = outgoing
      if (parked.has(key)) return
      const changes = { drop: [note], keep: yield* without(timer, key) }
      const exit = yield* Effect.exit(send(outgoing, checkpoint.step(checkpoint.position(), changes)))
      if (Exit.isSuccess(exit)) return
      const cause = yield* Failure.own(exit.cause)
      yield* refused(note, outgoing, Cause.squash(cause), changes)
    })
}
