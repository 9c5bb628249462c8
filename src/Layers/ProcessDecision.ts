/** What an event leads to in a process, as a step of its checkpoint: its new state, commands to be sent, timers. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Advance } from "../Domain/Commit.ts"
import type { Recorded } from "../Domain/Event.ts"
import * as EventCodec from "../Domain/EventCodec.ts"
import type { Limits } from "../Domain/Limits.ts"
import type * as Message from "../Domain/Message.ts"
import type { Note } from "../Domain/Note.ts"
import type { Process, Timer } from "../Domain/Process.ts"
import * as Text from "../Domain/Text.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Home } from "./Checkpoint.ts"
import * as ProcessMemory from "./ProcessMemory.ts"
import * as Sending from "./Sending.ts"

/** Decides on what an event means, on the state that those before it have left, and adds what comes of it to a step. */
export const make = <Name extends string, State, Events extends Message.List, Commands extends Message.List>(
  { notes }: Home,
  process: Process<Name, State, Events, Commands>,
  limits: Limits
) => {
  type Event = Recorded<Message.TypeOf<Events>>
  const { kinds } = ProcessMemory
  const states = ProcessMemory.states(process.state, process.initial)
  const letter = letters(process.commands, limits)
  // One step can replace all of them.
  const mostTimers = Math.floor(limits.commitEvents / 2) - 2
  const find = (kind: string, key: string) => notes.find({ subscriber: process.name, kind, key })

  /** What becomes of one process. */
  const decide = (key: string, events: ReadonlyArray<Event>, cause: Recorded) =>
    Effect.gen(function* () {
      const [kept] = yield* find(kinds.state, key)
      const before = yield* states.read(kept)
      const after = stepped(process, before.state, events)
      const obsolete = before.timers.filter(after.cancels)
      const names = [...before.timers.filter((name) => !obsolete.includes(name)), ...after.timers.keys()]
      if (names.length > mostTimers) {
        return yield* StoreError.make("TooLarge", `${names.length} timers; the limit is ${mostTimers}`)
      }

      const cancelled = yield* Effect.forEach(obsolete, (name) =>
        find(kinds.timer, ProcessMemory.timerKey(key, name))
      )
      const drop = cancelled.flat()
      const keep: Array<Note> = []
      if (after.ended) {
        if (kept !== undefined) drop.push(kept)
      } else if (after.changed) keep.push(yield* states.write(key, after.state, names))
      const id = Sending.idOf(process.name, cause)
      if (after.send.length > 0) keep.push(yield* letter(cause, { id, key, send: after.send }))
      for (const [n, timer] of [...after.timers.values()].entries()) {
        keep.push(yield* letter(cause, { id: `${id}.${n}`, key, send: timer.send, timer }))
      }
      return { drop, keep }
    })

  return (events: ReadonlyArray<Event>, advance: Advance) =>
    Effect.gen(function* () {
      const processes = new Map<string, Array<Event>>()
      for (const recorded of events) {
        const key = process.key(recorded)
        processes.set(key, [...(processes.get(key) ?? []), recorded])
      }
      const changes = yield* Effect.forEach(processes, ([key, own]) =>
        Effect.flatMap(Effect.fromNullable(own[0]), (cause) => decide(key, own, cause))
      )
      const drop = [...(advance.drop ?? []), ...changes.flatMap(({ drop }) => drop)]
      return { ...advance, keep: changes.flatMap(({ keep }) => keep), drop }
    })
}

// internal

/** What the steps of a process come to, one after the other. */
const stepped = <Name extends string, State, Events extends Message.List, Commands extends Message.List>(
  process: Process<Name, State, Events, Commands>,
  before: State,
  events: ReadonlyArray<Recorded<Message.TypeOf<Events>>>
) => {
  let state = before
  let changed = false
  let ended = false
  let all = false
  const cancelled = new Set<string>()
  const timers = new Map<string, Timer<Message.TypeOf<Commands>>>()
  const send: Array<Message.TypeOf<Commands>> = []
  for (const recorded of events) {
    const step = process.step(state, recorded)
    const { cancel = [], ends = false } = step
    send.push(...(step.send ?? []))
    for (const name of ends ? timers.keys() : cancel) timers.delete(name)
    for (const name of cancel) cancelled.add(name)
    for (const timer of ends ? [] : (step.timers ?? [])) {
      timers.delete(timer.name)
      timers.set(timer.name, timer)
    }
    state = ends ? process.initial : (step.state ?? state)
    changed = changed || ended || step.state !== undefined || cancel.length + timers.size > 0
    ended = ends
    all = all || ends
  }
  const cancels = (name: string) => all || cancelled.has(name) || timers.has(name)
  return { state, changed, ended, cancels, timers, send }
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
