/** Commits that meet each other, and a log to settle them on. */
import { Append, type Commit, type Event, Expected, type Note, Steps } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

const { array, constantFrom, integer, option, record, uniqueArray } = FastCheck

export type Outcome = Append.Settled["outcomes"][number]

/** A log as a store has it, and what became of each commit. */
export interface Log {
  readonly events: ReadonlyArray<Event.Stored>
  readonly commits: ReadonlyMap<string, Append.Known>
  readonly checkpoints: ReadonlyMap<string, Commit.Checkpoint>
  /** By their names among those of all subscribers. */
  readonly notes: ReadonlyMap<string, Note.Note>
  readonly answers: ReadonlyArray<readonly [Commit.Commit, Outcome]>
}

export const empty: Log = {
  events: [],
  commits: new Map(),
  checkpoints: new Map(),
  notes: new Map(),
  answers: []
}

export const factsOf = ({ checkpoints, commits, events, notes }: Log): Append.Facts => ({
  position: events.at(-1)?.position ?? 0,
  time: events.at(-1)?.recordedAt ?? 0,
  commits,
  streams: new Map(
    events.map(({ id, position, stream, version }) => [stream, { last: id, position, version }])
  ),
  checkpoints,
  notes: new Set(notes.keys())
})

/** The log after a group was settled on it. */
export const settled = (log: Log, group: ReadonlyArray<Commit.Commit>, now = 1000): Log => {
  const { outcomes, steps, written } = Append.settle(factsOf(log), group, now)
  const answers = outcomes.flatMap((outcome, index) =>
    group.slice(index, index + 1).map((one) => [one, outcome] as const)
  )
  return {
    events: [...log.events, ...[...written.values()].flatMap(({ events }) => events)],
    commits: new Map([...log.commits, ...written]),
    ...stepped(log, steps),
    answers: [...log.answers, ...answers]
  }
}

/** What subscribers have after steps. */
export const stepped = (
  log: Pick<Log, "checkpoints" | "notes">,
  steps: ReadonlyArray<Steps.Step>
): Pick<Log, "checkpoints" | "notes"> => {
  const checkpoints = new Map(log.checkpoints)
  const notes = new Map(log.notes)
  for (const { drop, epoch, keep, subscriber, to } of steps) {
    for (const place of drop) notes.delete(Steps.noteOf(subscriber, place))
    for (const note of keep) notes.set(Steps.noteOf(subscriber, note), note)
    checkpoints.set(subscriber, { position: to, epoch })
  }
  return { checkpoints, notes }
}

/** Where a subscriber is, as everybody can look it up. */
export const reached = ({ checkpoints }: Log, subscriber: string): Commit.Checkpoint =>
  checkpoints.get(subscriber) ?? { position: 0, epoch: 0 }

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
const place = record({
  kind: constantFrom("parked"),
  key: constantFrom("A-1", "A-2"),
  order: constantFrom(0, 1)
})
const move = record({
  subscriber: constantFrom("s", "t"),
  late: constantFrom(true, false, false, false),
  /** Beyond that of the checkpoint. */
  epoch: constantFrom(undefined, undefined, undefined, 0, 0, 1, -1),
  keep: array(place, { maxLength: 2 }),
  drop: array(place, { maxLength: 2 }),
  hopes: constantFrom(true, false, false, false, false)
})
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

const advanceOf = (log: Log, moves: NonNullable<Step["moves"]>): Commit.Advance => {
  const { drop, epoch: beyond, hopes, keep, late, subscriber } = moves
  const { epoch, position } = reached(log, subscriber)
  const isThere = (place: Note.Place) => log.notes.has(Steps.noteOf(subscriber, place))
  return {
    subscriber,
    from: late ? position + 1 : position,
    to: position + 2,
    ...(beyond !== undefined && { epoch: epoch + beyond }),
    keep: keep.map((one, n) => ({ ...one, value: `[${log.answers.length},${n}]` })),
    drop: hopes ? drop : drop.filter(isThere)
  }
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
