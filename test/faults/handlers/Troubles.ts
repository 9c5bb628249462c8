/** Handlers that fail, throw and hang: the same ones in the same way each time, until they are cured. */
import * as Effect from "effect/Effect"
import { PCGRandom } from "effect/Utils"
import * as Hash from "effect/Hash"
import type { Trouble } from "../subscribers/Trouble.ts"

/** Trouble that can be cured. */
export interface Troubles extends Trouble {
  readonly cure: () => void
  /** How often each kind has struck. */
  readonly struck: ReadonlyMap<Kind, number>
}

export type Kind = "fails" | "passes" | "hangs" | "throws"

/** 5 % fail, half of them for good, 1 % throw, 1 % hang; but somebody who works has trouble with two events at most. */
export const make = (seed: number): Troubles => {
  const struck = new Map<Kind, number>()
  const sick = new Map<string, Set<string>>()
  const times = new Map<string, number>()
  let cured = false

  const kindOf = (who: string, what: string): Kind | undefined => {
    const kind = chosen(new PCGRandom(Hash.string(`${seed} ${who} ${what}`)).number())
    const others = sick.get(who) ?? new Set()
    if (cured || kind === undefined || (others.size >= most && !others.has(what))) return undefined
    sick.set(who, others.add(what))
    const time = (times.get(`${who} ${what}`) ?? 0) + 1
    times.set(`${who} ${what}`, time)
    if (kind === "passes" && time > 2) return undefined
    struck.set(kind, (struck.get(kind) ?? 0) + 1)
    return kind
  }

  return {
    struck,
    cure: () => {
      cured = true
    },
    strikes: (who, what) => kindOf(who, what) !== undefined,
    before: (who, what) =>
      Effect.suspend(() => {
        const kind = kindOf(who, what)
        if (kind === undefined) return Effect.void
        if (kind === "throws") throw new Error(`${who} stumbles over ${what}`)
        return kind === "hangs" ? Effect.never : Effect.fail(`${who} cannot do ${what}`)
      })
  }
}

// internal

const most = 2

const chosen = (chance: number): Kind | undefined =>
  chance < 0.025
    ? "fails"
    : chance < 0.05
      ? "passes"
      : chance < 0.06
        ? "throws"
        : chance < 0.07
          ? "hangs"
          : undefined
