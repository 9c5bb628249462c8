/** A mailbox per stream: commands for one stream take turns, and each finds the state that the last one left. */
import type * as Effect from "effect/Effect"
import type { Limits } from "../Domain/Limits.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as Turn from "./Turn.ts"

/** What is kept of a stream between its commands. */
export interface Mailbox<State> {
  /** Only whoever has the turn may look at it or change it. */
  state: State | undefined
}

/** What is done with a mailbox while nobody else has it; `leave` lets the next one in before it ends. */
export type Use<State, A, E, R> = (mailbox: Mailbox<State>, leave: () => void) => Effect.Effect<A, E, R>

/** The mailboxes of all streams. */
export interface CommandMailboxes<State> {
  /**
   * Waits for the turn of a stream inside an `uninterruptibleMask`, of which `restore` is: the wait can be interrupted,
   * and `use` cannot; too many that wait are `Overloaded`. The turn ends with `use`, or earlier when `use` runs `leave`.
   */
  readonly enter: <A, E, R>(
    restore: Turn.Restore,
    stream: string,
    use: Use<State, A, E, R>
  ) => Effect.Effect<A, E | StoreError.StoreError, R>
}

/** Mailboxes that nobody waits for are dropped, the longest unused first, when there are too many. */
export const make = <State>({ states, waitingCommands }: Limits): CommandMailboxes<State> => {
  const boxes = new Map<string, Box<State>>()

  const open = (stream: string): Box<State> => {
    const box = boxes.get(stream) ?? { state: undefined, turn: Turn.make() }
    // A Map keeps the order in which its keys were set: the longest unused stands first.
    boxes.delete(stream)
    boxes.set(stream, box)
    if (boxes.size > states) drop(box)
    return box
  }
  const drop = (kept: Box<State>) => {
    for (const [stream, box] of boxes) {
      if (box === kept || box.turn.callers() > 0) continue
      boxes.delete(stream)
      if (boxes.size <= states) return
    }
  }

  return {
    enter: (restore, stream, use) => {
      const box = open(stream)
      // One of them has the turn.
      return box.turn.callers() > waitingCommands
        ? StoreError.make("Overloaded", `too many commands wait for ${stream}`)
        : box.turn.enter(restore, (leave) => use(box, leave))
    }
  }
}

// internal

interface Box<State> extends Mailbox<State> {
  readonly turn: Turn.Turn
}
