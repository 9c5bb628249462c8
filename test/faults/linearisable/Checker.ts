/**
 * Whether operations that overlapped in time can be put into one order that explains all of their outcomes: the
 * search of Wing and Gong, with Lowe's memory of where it has been.
 */

/** Something that was done to an object, and between which moments. */
export interface Operation<Call> {
  /** What was asked, and what was answered. */
  readonly call: Call
  readonly invoked: number
  /** `Infinity` when no answer came: it may have happened at any time after it was invoked, or never. */
  readonly returned: number
}

/** The object as it would be if only one operation were made at a time. */
export interface Specification<State, Call> {
  readonly initial: State
  /** What the object is afterwards, the very same state when nothing changed; `undefined`: not with this answer. */
  readonly next: (state: State, call: Call) => State | undefined
  /** Two states with the same key are the same. */
  readonly key: (state: State) => string
}

/** An order of the calls that have happened, as far as one was found. */
export interface Explanation<State, Call> {
  readonly complete: boolean
  readonly order: ReadonlyArray<Call>
  readonly state: State
}

/** Looks for an order; the longest one is told when none is complete. */
export const explain = <State, Call>(
  { initial, key, next }: Specification<State, Call>,
  operations: ReadonlyArray<Operation<Call>>
): Explanation<State, Call> => {
  let longest: Explanation<State, Call> = { complete: false, order: [], state: initial }
  const seen = new Set<string>()

  const search = (
    state: State,
    pending: ReadonlyArray<Operation<Call>>,
    order: ReadonlyArray<Call>
  ): boolean => {
    const complete = pending.every(({ returned }) => returned === Infinity)
    if (complete || order.length > longest.order.length) longest = { complete, order, state }
    if (complete) return true
    const place = `${pending.map(({ invoked }) => invoked).join()} ${key(state)}`
    if (seen.has(place)) return false
    seen.add(place)
    for (const one of possibleNext(pending)) {
      const after = next(state, one.call)
      if (after === undefined) continue
      const found = search(
        after,
        pending.filter((other) => other !== one),
        [...order, one.call]
      )
      // An answer that changed nothing can always come first.
      if (found || (after === state && one.returned !== Infinity)) return found
    }
    return false
  }

  search(initial, operations, [])
  return longest
}

// internal

/** Those that nobody has finished before: each of them may have been the next. */
const possibleNext = <Call>(pending: ReadonlyArray<Operation<Call>>) => {
  const firstReturn = Math.min(...pending.map(({ returned }) => returned))
  return pending.filter(({ invoked }) => invoked <= firstReturn)
}
