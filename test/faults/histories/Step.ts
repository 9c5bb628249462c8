/** The steps of a history as data: a kind, and a number that decides the rest, so that any step can be left out. */
import * as FastCheck from "effect/FastCheck"
import { dice } from "./Dice.ts"
import type { Kind } from "./Kind.ts"
import { others, writes } from "./Kind.ts"
import type { Model } from "./Model.ts"
import type { Request } from "./Request.ts"
import type { Clients } from "../WriteSide.ts"

/** One step. */
export type Step =
  | { readonly _tag: "Alone"; readonly one: Choice; readonly elsewhere: boolean }
  /** Several at once; the first one is interrupted after so many turns. */
  | { readonly _tag: "Burst"; readonly several: ReadonlyArray<Member>; readonly turns: number | undefined }
  | { readonly _tag: "Reopen" }

/** A kind, and what decides the rest. */
export interface Choice {
  readonly kind: Kind
  readonly n: number
}

/** One of several at once. */
export interface Member extends Choice {
  /** The same request as the one before. */
  readonly twin: boolean
  /** To the second stack. */
  readonly second: boolean
}

/** Histories of 20 to 60 steps; on a file several stacks may be open, one after the other and side by side. */
export const histories = (onFile: boolean): FastCheck.Arbitrary<ReadonlyArray<Step>> => {
  const step: FastCheck.Arbitrary<Step> = FastCheck.oneof(
    { weight: 28, arbitrary: alone([...writes, ...others], false) },
    { weight: 2, arbitrary: several(FastCheck.constant(undefined)) },
    { weight: 2, arbitrary: several(FastCheck.nat(5)) },
    ...(onFile
      ? [
          { weight: 2, arbitrary: alone(writes, true) },
          { weight: 2, arbitrary: FastCheck.constant<Step>({ _tag: "Reopen" }) }
        ]
      : [])
  )
  return FastCheck.array(step, { minLength: 20, maxLength: 60, size: "max" })
}

/** Kinds that are steps of their own in the table. */
export const burst = "burst"
export const interruption = "interruption"
export const elsewhere = "on a second stack"
export const reopening = "reopening"

/** What one client asks, and which of the stacks. */
export interface Ask {
  /** What it is called in the table. */
  readonly kind: string
  readonly request: Request
  readonly stack: keyof Clients
  /** Interrupted after so many turns. */
  readonly turns?: number
}

/** What a step asks of a log, all at once; nothing when there is nothing to ask yet. */
export const asks = (step: Step, model: Model, index: number): ReadonlyArray<Ask> => {
  const request = ({ kind, n }: Choice, id = `c${index}`) => kind.ask(model, dice(n), id)
  switch (step._tag) {
    case "Alone": {
      const asked = request(step.one)
      const kind = step.elsewhere ? elsewhere : step.one.kind.name
      return asked === undefined ? [] : [{ kind, request: asked, stack: step.elsewhere ? "there" : "here" }]
    }
    case "Burst": {
      const several: Array<Ask> = []
      for (const [place, choice] of step.several.entries()) {
        const twin = place > 0 && choice.twin ? several.at(-1)?.request : undefined
        const asked = twin ?? request(choice, `c${index}_${place}`)
        const stack = choice.second ? "there" : "here"
        if (asked !== undefined) several.push({ kind: burst, request: asked, stack })
      }
      const [first, ...others] = several
      return first === undefined || step.turns === undefined
        ? several
        : [{ ...first, kind: interruption, turns: step.turns }, ...others]
    }
    case "Reopen":
      return []
  }
}

// internal

const choice = (kinds: ReadonlyArray<Kind>) => ({
  kind: FastCheck.oneof(
    ...kinds.map((kind) => ({ weight: kind.weight, arbitrary: FastCheck.constant(kind) }))
  ),
  n: FastCheck.maxSafeNat()
})

const alone = (kinds: ReadonlyArray<Kind>, elsewhere: boolean): FastCheck.Arbitrary<Step> =>
  FastCheck.record(choice(kinds)).map((one) => ({ _tag: "Alone", one, elsewhere }))

const several = (turns: FastCheck.Arbitrary<number | undefined>): FastCheck.Arbitrary<Step> => {
  const twin = FastCheck.nat(4).map((n) => n === 0)
  const member = FastCheck.record({ ...choice(writes), twin, second: FastCheck.boolean() })
  const members = FastCheck.array(member, { minLength: 2, maxLength: 8, size: "max" })
  return FastCheck.record({ _tag: FastCheck.constant("Burst"), several: members, turns })
}
