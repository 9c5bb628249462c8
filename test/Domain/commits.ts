/** Commits that meet each other, and a log to settle them on. */
import { Append, type Commit, type Event, Expected } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

const { array, constantFrom, integer, option, record, uniqueArray } = FastCheck

export type Outcome = Append.Settled["outcomes"][number]

/** A log as a store has it, and what became of each commit. */
export interface Log {
  readonly events: ReadonlyArray<Event.Stored>
  readonly commits: ReadonlyMap<string, Append.Known>
  readonly checkpoints: ReadonlyMap<string, number>
  readonly answers: ReadonlyArray<readonly [Commit.Commit, Outcome]>
}

export const empty: Log = { events: [], commits: new Map(), checkpoints: new Map(), answers: [] }

export const factsOf = ({ checkpoints, commits, events }: Log): Append.Facts => ({
  position: events.at(-1)?.position ?? 0,
  time: events.at(-1)?.recordedAt ?? 0,
  commits,
  streams: new Map(
    events.map(({ id, position, stream, version }) => [stream, { last: id, position, version }])
  ),
  checkpoints
})

/** The log after a group was settled on it. */
export const settled = (log: Log, group: ReadonlyArray<Commit.Commit>, now = 1000): Log => {
  const { checkpoints, outcomes, written } = Append.settle(factsOf(log), group, now)
  const answers = outcomes.flatMap((outcome, index) =>
    group.slice(index, index + 1).map((one) => [one, outcome] as const)
  )
  return {
    events: [...log.events, ...[...written.values()].flatMap(({ events }) => events)],
    commits: new Map([...log.commits, ...written]),
    checkpoints: new Map([...log.checkpoints, ...checkpoints]),
    answers: [...log.answers, ...answers]
  }
}

export const inGroups = (groups: ReadonlyArray<ReadonlyArray<Commit.Commit>>): Log =>
  groups.reduce((log, group) => settled(log, group), empty)

export const oneByOne = (commits: ReadonlyArray<Commit.Commit>): Log =>
  inGroups(commits.map((commit) => [commit]))

/** The end of a stream, as everybody can count it. */
export const endOf = ({ events }: Log, stream: string): Expected.End => {
  const own = events.filter((stored) => stored.stream === stream)
  return { version: own.length, last: own.at(-1)?.id }
}

/** What kinds of outcomes there are. */
export const kinds = [
  ...["written", "checked", "duplicate"],
  ...["version conflict", "another last event", "checkpoint moved", "id reused"]
]

export const kindOf: (outcome: Outcome) => string = Either.match({
  onLeft: (refusal) => {
    switch (refusal._tag) {
      case "VersionConflict": {
        const fits = refusal.expected.startsWith(`version ${refusal.actual} `)
        return fits ? "another last event" : "version conflict"
      }
      case "CheckpointMoved":
        return "checkpoint moved"
      case "CommandIdReused":
        return "id reused"
    }
  },
  onRight: ({ duplicate, events }) => (duplicate ? "duplicate" : events.length > 0 ? "written" : "checked")
})

/** What somebody expects of a stream that ends there. */
const expectations = {
  anything: () => Expected.any,
  "no event": () => Expected.noStream,
  "its version": ({ version }: Expected.End) => Expected.exactly(version),
  "its last event": ({ last, version }: Expected.End) => Expected.exactly(version, last),
  "another event": ({ version }: Expected.End) => Expected.exactly(version, "another#0"),
  "an old version": ({ version }: Expected.End) =>
    version > 0 ? Expected.exactly(version - 1) : Expected.streamExists
}
type Expectation = keyof typeof expectations

// Few streams, ids and subscribers, so that commits meet each other.
const part = record({
  stream: constantFrom("A-1", "A-2", "A-3"),
  count: constantFrom(0, 0, 1, 1, 2, 3),
  expects: constantFrom<Expectation>(
    ...(["anything", "anything", "anything", "its version", "its version", "its last event"] as const),
    ...(["no event", "another event", "an old version"] as const)
  )
})
const move = record({ subscriber: constantFrom("s", "t"), late: constantFrom(true, false, false) })
const step = record({
  id: integer({ min: 0, max: 13 }),
  request: constantFrom(undefined, "this", "this", "this", "that"),
  parts: uniqueArray(part, { selector: ({ stream }) => stream, minLength: 1, maxLength: 3 }),
  moves: option(move, { freq: 1 })
})
type Step = typeof step extends FastCheck.Arbitrary<infer S> ? S : never

const commitOf = (log: Log, { id, moves, parts, request }: Step): Commit.Commit => {
  const nothing = parts.every(({ count }) => count === 0)
  const n = log.answers.length
  return {
    id: nothing && id % 2 === 0 ? "" : `c${id}`,
    ...(request && { request }),
    metadata: { actor: String(n) },
    parts: parts.map(({ count, expects, stream }) => ({
      stream,
      expected: expectations[expects](endOf(log, stream)),
      events: Array.from({ length: count }, (_, m) => ({
        type: "Noted",
        revision: 1,
        payload: `[${n},${m}]`
      }))
    })),
    ...(moves && { advance: advanceOf(log, moves) })
  }
}

const advanceOf = (
  { checkpoints }: Log,
  { late, subscriber }: NonNullable<Step["moves"]>
): Commit.Advance => {
  const from = checkpoints.get(subscriber) ?? 0
  return { subscriber, from: late ? from + 1 : from, to: from + 2 }
}

/** Commits of people who have seen what was before, more or less. */
export const history = array(step, { minLength: 5, maxLength: 30, size: "max" }).map((steps) =>
  steps.reduce((log, step) => settled(log, [commitOf(log, step)]), empty).answers.map(([commit]) => commit)
)

/** The sizes of groups. */
export const sizes = array(integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 })

/** Cuts commits into groups of these sizes, over and over. */
export const groupsOf = (commits: ReadonlyArray<Commit.Commit>, sizes: ReadonlyArray<number>) => {
  const groups: Array<ReadonlyArray<Commit.Commit>> = []
  for (let start = 0; start < commits.length;) {
    const end = start + (sizes[groups.length % sizes.length] ?? 1)
    groups.push(commits.slice(start, end))
    start = end
  }
  return groups
}
