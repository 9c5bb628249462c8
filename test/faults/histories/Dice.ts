/** A number that decides several things, one after another. */
import type { NonEmptyReadonlyArray } from "effect/Array"

/** Rolls a die with so many sides: 0 to sides - 1. */
export type Roll = (sides: number) => number

/** Dice that roll the same for the same number. */
export const dice = (n: number): Roll => {
  let rest = n
  return (sides) => {
    const rolled = rest % sides
    rest = Math.floor(rest / sides)
    return rolled
  }
}

/** One of several. */
export const oneOf = <A>(roll: Roll, some: NonEmptyReadonlyArray<A>): A => some[roll(some.length)] ?? some[0]
