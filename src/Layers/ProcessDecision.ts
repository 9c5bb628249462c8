/** What an event leads to in a process, as a step of its checkpoint: its new state, commands to be sent, timers. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Advance } from "../Domain/Commit.ts"
import type { Recorded } from "../Domain/Event.ts"
import * as EventCodec from "../Domain/EventCodec.ts"
import type { Limits } from "../Domain/Limits.ts"
import type * as Message from "../Domain/Message.ts"
import type { Note } from "../Domain/Note.ts"
import type { Process, Step, Timer } from "../Domain/Process.ts"
import * as Text from "../Domain/Text.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Home } from "./Checkpoint.ts"
import * as ProcessMemory from "./ProcessMemory.ts"
import * as Sending from "./Sending.ts"

/** Decides on events, each on the state that those before it have left, and adds what comes of it to a step. */
export const make = <Name extends string, State, Events extends Message.List, Commands extends Message.List>(
  { notes }: Home,
  process: Process<Name, State, Events, Commands>,
  limits: Limits
) => {
  const { kinds } = ProcessMemory
  const states = ProcessMemory.states(process.state, process.initial)
  const letter = letters(process.commands, limits)
  // One step can replace all of them.
  const mostTimers = Math.floor(limits.commitEvents / 2) - 2
  const find = (kind: string, key: string) => notes.find({ subscriber: process.name, kind, key })

  return (recorded: Recorded<Message.TypeOf<Events>>, advance: Advance) =>
    Effect.gen(function* () {
      const key = process.key(recorded)
      const [kept] = yield* find(kinds.state, key)
      const before = yield* states.read(kept)
      const step = process.step(before.state, recorded)
      const { obsolete, set } = timers(before.timers, step)
      const names = [...before.timers.filter((name) => !obsolete.includes(name)), ...set.keys()]
      if (names.length > mostTimers) {
        return yield* StoreError.make("TooLarge", `${names.length} timers; the limit is ${mostTimers}`)
      }

      const cancelled = yield* Effect.forEach(obsolete, (name) =>
        find(kinds.timer, ProcessMemory.timerKey(key, name))
      )
      const drop = [...(advance.drop ?? []), ...cancelled.flat()]
      const keep: Array<Note> = []
      if (step.ends) {
        if (kept !== undefined) drop.push(kept)
      } else if (step.state !== undefined || obsolete.length + set.size > 0) {
        keep.push(yield* states.write(key, step.state ?? before.state, names))
      }
      const id = Sending.idOf(process.name, recorded.position)
      if (step.send?.length) keep.push(yield* letter(recorded, { id, key, send: step.send }))
      for (const [n, timer] of [...set.values()].entries()) {
        keep.push(yield* letter(recorded, { id: `${id}.${n}`, key, send: timer.send, timer }))
      }
      return { ...advance, keep, drop }
    })
}

// internal

/** Which timers a step sets, the last of each name, and which of those that were set are not wanted any more. */
const timers = <State, Command>(
  before: ReadonlyArray<string>,
  { cancel = [], ends = false, timers = [] }: Step<State, Command>
) => {
  const set = new Map(ends ? [] : timers.map((timer) => [timer.name, timer]))
  return { set, obsolete: before.filter((name) => ends || set.has(name) || cancel.includes(name)) }
}

/** What a process sends at once, or when the time of a timer has come. */
interface Contents<Command> {
  readonly id: string
  readonly key: string
  readonly send: ReadonlyArray<Command>
  readonly timer?: Timer<Command>
}

/** The note of commands, small enough to be set aside with what refused them. */
const letters = <Commands extends Message.List>(commands: Commands, { commitBytes }: Limits) => {
  const codec = EventCodec.make(commands)
  const most = Math.floor(commitBytes / 4)

  return (
    { id: causationId, metadata, position, recordedAt }: Recorded,
    { id, key, send, timer }: Contents<Message.TypeOf<Commands>>
  ): Effect.Effect<Note, EventCodec.CodecError | StoreError.StoreError> =>
    Effect.gen(function* () {
      const note = ProcessMemory.outgoing({
        id,
        key,
        commands: yield* Effect.forEach(send, codec.encode),
        metadata: { ...metadata, causationId },
        time: timer ? Math.ceil(recordedAt + Duration.toMillis(timer.after)) : recordedAt,
        position,
        ...(timer && { timer: timer.name })
      })
      const bytes = Text.bytes(note.value)
      if (bytes <= most) return note
      return yield* StoreError.make("TooLarge", `the commands have ${bytes} bytes; the limit is ${most}`)
    })
}
