/** A turn for each key: those with the same key go one at a time, and do not wait for others. */
import * as Effect from "effect/Effect"
import * as StoreError from "../Services/StoreError.ts"
import * as Turn from "./Turn.ts"

/** The turns of all keys. */
export interface Turns {
  /** Waits for the turn of a key; the wait can be interrupted, and too many of it are `Overloaded`. */
  readonly take: <A, E, R>(
    key: string,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | StoreError.StoreError, R>
}

/** Turns for which so many wait at most; a key is dropped with the last of those who have asked for it. */
export const make = (waiting: number): Turns => {
  const turns = new Map<string, Turn.Turn>()

  const turnOf = (key: string): Turn.Turn => {
    const turn = turns.get(key) ?? Turn.make(() => turns.delete(key))
    turns.set(key, turn)
    return turn
  }

  return {
    take: <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) =>
      Effect.uninterruptibleMask<A, E | StoreError.StoreError, R>((restore) => {
        const turn = turnOf(key)
        // One of them has the turn.
        return turn.callers() > waiting
          ? StoreError.make("Overloaded", `too many wait for ${key}`)
          : turn.enter(restore, () => restore(effect))
      })
  }
}
