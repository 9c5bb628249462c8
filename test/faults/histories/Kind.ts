/** The kinds of steps: what each asks, and what may come of it. */
import type { EventStore } from "everfold"
import * as Commits from "./Commits.ts"
import type { Roll } from "./Dice.ts"
import { oneOf } from "./Dice.ts"
import type { Model } from "./Model.ts"
import type { Word } from "./Prediction.ts"
import { limits } from "./Bounds.ts"
import type { Request } from "./Request.ts"
import * as Wishes from "./Wishes.ts"

/** A kind of step that asks one thing; nothing when there is nothing to ask yet. */
export interface Kind {
  readonly name: string
  /** How often it is chosen among the others. */
  readonly weight: number
  readonly ask: (model: Model, roll: Roll, id: string) => Request | undefined
  readonly words: ReadonlyArray<Word>
}

/** What changes the log, or tries to. */
export const writes: ReadonlyArray<Kind> = [
  {
    name: "command",
    weight: 8,
    ask: (_, roll, id) => ({ _tag: "Handle", id, wish: Wishes.any(roll) }),
    words: ["accepted", "refused", "nothing to do"]
  },
  {
    name: "command again",
    weight: 5,
    ask: (model, roll) => {
      const former = formerOf(model, roll, "Handle")
      return roll(3) > 0 ? former : former && { ...former, wish: Wishes.note(9) }
    },
    words: ["found", "id reused"]
  },
  { name: "append", weight: 3, ask: committed(Commits.any), words: ["written"] },
  { name: "append, no stream", weight: 3, ask: committed(Commits.noStream), words: ["written", "conflict"] },
  {
    name: "append, stream exists",
    weight: 3,
    ask: committed(Commits.streamExists),
    words: ["written", "conflict"]
  },
  { name: "append, exactly", weight: 3, ask: committed(Commits.exactly), words: ["written", "conflict"] },
  {
    name: "append, exactly after",
    weight: 3,
    ask: committed(Commits.exactlyAfter),
    words: ["written", "conflict"]
  },
  {
    name: "append again",
    weight: 4,
    ask: (model, roll) => {
      const former = formerOf(model, roll, "Append")
      return (
        former && { ...former, commit: { ...former.commit, request: oneOf(roll, ["append", "another"]) } }
      )
    },
    words: ["found", "id reused"]
  },
  { name: "several streams", weight: 3, ask: committed(Commits.several), words: ["written", "conflict"] },
  { name: "check", weight: 3, ask: committed(Commits.check), words: ["holds", "conflict"] },
  { name: "checkpoint", weight: 3, ask: committed(Commits.checkpoint), words: ["moved", "conflict"] }
]

/** What changes nothing. */
export const others: ReadonlyArray<Kind> = [
  {
    name: "beyond a limit",
    weight: 3,
    ask: (model, roll, id) =>
      oneOf(roll, [
        () => committed(Commits.tooLarge)(model, roll, id),
        () => committed(Commits.invalid)(model, roll, id),
        (): Request => ({ _tag: "Handle", id, wish: Wishes.note(limits.eventBytes) })
      ])(),
    words: ["too large", "invalid"]
  },
  {
    name: "read a stream",
    weight: 3,
    ask: (_, roll) => {
      const stream = `Account-${oneOf(roll, ["a", "b", "c", "nobody"])}`
      return {
        _tag: "ReadStream",
        query: { stream, after: roll(4), limit: 1 + roll(20), version: 1 + roll(20) }
      }
    },
    words: ["read"]
  },
  {
    name: "read the log",
    weight: 3,
    ask: ({ events }, roll) => {
      const only = oneOf<Partial<EventStore.LogQuery>>(roll, [
        {},
        { types: ["Deposited", "Noted"] },
        { categories: ["Account", "Product"] }
      ])
      return { _tag: "ReadLog", query: { after: roll(events.length + 3), limit: 1 + roll(20), ...only } }
    },
    words: ["read"]
  },
  {
    name: "state at a version",
    weight: 3,
    ask: (_, roll) => ({ _tag: "StateAt", accountId: Wishes.account(roll), version: roll(10) }),
    words: ["read"]
  },
  {
    name: "preview",
    weight: 3,
    ask: (_, roll) => ({ _tag: "Preview", wish: Wishes.any(roll) }),
    words: ["read", "refused"]
  }
]

// internal

function committed(make: Commits.Make): Kind["ask"] {
  return (model, roll, id) => ({ _tag: "Append", commit: make(model, roll, id) })
}

const formerOf = <Tag extends Request["_tag"]>({ requests }: Model, roll: Roll, tag: Tag) => {
  const is = (request: Request): request is Extract<Request, { _tag: Tag }> => request._tag === tag
  const all = [...requests.values()].filter(is)
  return all.length === 0 ? undefined : all[roll(all.length)]
}
