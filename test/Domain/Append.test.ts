import { Append, Commit, Expected, Steps } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import {
  empty,
  endOf,
  factsOf,
  groupsOf,
  history,
  inGroups,
  kindOf,
  kinds,
  type Log,
  oneByOne,
  reached
} from "./commits.ts"
import { settled, sizes, stepped } from "./commits.ts"

const { array, assert, double, property } = FastCheck

const runs = { numRuns: 300 }

describe("settling commits", () => {
  it("leads to the same log and the same outcomes in groups of any size", () => {
    const counts = new Map(kinds.map((kind) => [kind, 0]))
    let moves = 0
    assert(
      property(history, sizes, (commits, sizes) => {
        const log = oneByOne(commits)
        expect(inGroups(groupsOf(commits, sizes))).toEqual(log)
        expect(settled(empty, commits)).toEqual(log)
        for (const [, outcome] of log.answers) {
          const kind = kindOf(outcome)
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
        }
        moves += [...log.checkpoints.values()].reduce((sum, { position }) => sum + position / 2, 0)
      }),
      runs
    )
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const shares = [...counts, ["moves of a checkpoint", moves] as const]
    const percent = shares.map(([kind, count]) => `${Math.round((100 * count) / total)} % ${kind}`)
    console.log(`${total} commits: ${percent.join(", ")}`)
    for (const [kind, count] of shares) expect(count / total, kind).toBeGreaterThan(0.05)
  })

  it("gives each commit what the log says at its turn", () => {
    assert(
      property(history, (commits) => {
        for (const { after, before, commit, outcome } of turns(commits)) {
          expect(kindOf(outcome)).toBe(foretold(before, commit))
          const { advance } = commit
          const isTaken = advance && Either.isRight(outcome) && !outcome.right.duplicate
          const step = isTaken && { ...unchanged(before, advance.subscriber), ...advance }
          const { checkpoints, notes } = stepped(before, step ? [step] : [])
          expect(after.checkpoints).toEqual(checkpoints)
          expect(after.notes).toEqual(notes)
        }
      }),
      runs
    )
  })

  it("writes what was asked for, and says where the streams end", () => {
    assert(
      property(history, (commits) => {
        for (const { after, before, commit, outcome } of turns(commits)) {
          const added = after.events.slice(before.events.length)
          if (Either.isLeft(outcome) || outcome.right.duplicate) expect(added).toEqual([])
          else {
            const asked = commit.parts.flatMap(({ events, stream }) =>
              events.map((one) => ({ ...one, stream }))
            )
            const metadata = JSON.stringify(commit.metadata)
            expect(
              added.map(({ payload, revision, stream, type }) => ({ payload, revision, stream, type }))
            ).toEqual(asked)
            expect(added.map((stored) => stored.metadata)).toEqual(asked.map(() => metadata))
            expect(outcome.right.events).toEqual(added)
            const streams = commit.parts.map(({ stream }) => stream)
            const last = after.events.findLast(({ stream }) => streams.includes(stream))
            expect(outcome.right.position).toBe(last?.position ?? 0)
          }
        }
      }),
      runs
    )
  })

  it("numbers positions, versions and the events of a commit without a gap, in the order of the commits", () => {
    assert(
      property(history, sizes, (commits, sizes) => {
        const { answers, events } = inGroups(groupsOf(commits, sizes))
        expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1))
        for (const { stream } of events) {
          const versions = events.filter((one) => one.stream === stream).map(({ version }) => version)
          expect(versions).toEqual(versions.map((_, index) => index + 1))
        }
        const ids = answers.flatMap(([{ id, parts }, outcome]) =>
          kindOf(outcome) === "written"
            ? parts.flatMap(({ events }) => events).map((_, n) => Commit.eventId(id, n))
            : []
        )
        expect(events.map(({ id }) => id)).toEqual(ids)
        expect(new Set(ids).size).toBe(ids.length)
      }),
      runs
    )
  })

  it("is not changed by commits that are refused", () => {
    assert(
      property(history, sizes, (commits, sizes) => {
        const all = oneByOne(commits)
        const accepted = all.answers.filter(([, outcome]) => Either.isRight(outcome))
        const log = inGroups(
          groupsOf(
            accepted.map(([commit]) => commit),
            sizes
          )
        )
        expect(log).toEqual({ ...all, answers: accepted })
      }),
      runs
    )
  })

  it("a second time, at once or later, changes nothing and gives the first answer", () => {
    assert(
      property(history, sizes, (commits, sizes) => {
        const once = oneByOne(commits)
        const twice = inGroups(
          groupsOf(
            commits.flatMap((commit) => [commit, commit]),
            sizes
          )
        )
        expect({ ...twice, answers: twice.answers.filter((_, index) => index % 2 === 0) }).toEqual(once)

        const isFirst = once.answers.map(([, outcome]) => kindOf(outcome) === "written")
        const found = once.answers
          .filter((_, index) => isFirst[index])
          .map(([commit, outcome]) => [commit, Either.map(outcome, asDuplicate)] as const)
        const seconds = twice.answers.filter((_, index) => index % 2 === 1)
        expect(seconds.filter((_, index) => isFirst[index])).toEqual(found)

        const later = settled(
          once,
          found.map(([commit]) => commit)
        )
        expect(later).toEqual({ ...once, answers: [...once.answers, ...found] })
      }),
      runs
    )
  })

  it("records whole milliseconds that never go back, whatever the clock does", () => {
    const times = array(double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 8 })
    assert(
      property(history, sizes, times, (commits, sizes, times) => {
        groupsOf(commits, sizes).reduce((log, group, index) => {
          const now = times[index % times.length] ?? 0
          const next = settled(log, group, now)
          const time = Math.max(Math.floor(now), log.events.at(-1)?.recordedAt ?? 0)
          const added = next.events.slice(log.events.length)
          expect(added.map(({ recordedAt }) => recordedAt)).toEqual(added.map(() => time))
          return next
        }, empty)
      }),
      runs
    )
  })

  it("needs to know only what the commits name, and leaves the facts as they were", () => {
    assert(
      property(history, history, (before, commits) => {
        const facts = factsOf(oneByOne(before))
        const copy = structuredClone(facts)
        expect(Append.settle(named(facts, commits), commits, 2000)).toEqual(
          Append.settle(facts, commits, 2000)
        )
        expect(facts).toEqual(copy)
      }),
      runs
    )
  })
})

const asDuplicate = (committed: Append.Committed): Append.Committed => ({ ...committed, duplicate: true })

/** Each commit with its outcome, and the log before and after it. */
const turns = (commits: ReadonlyArray<Commit.Commit>) => {
  let before = empty
  return commits.flatMap((commit) => {
    const turn = { before, after: settled(before, [commit]), commit }
    before = turn.after
    return turn.after.answers.slice(-1).map(([, outcome]) => ({ ...turn, outcome }))
  })
}

/** What must become of a commit, in the words of the port. */
const foretold = (log: Log, { advance, id, parts, request }: Commit.Commit): string => {
  const known = log.commits.get(id)
  if (known !== undefined) return known.request === request ? "duplicate" : "id reused"
  if (advance && !isDue(log, advance)) return "checkpoint moved"
  const conflict = parts.find(({ expected, stream }) => !Expected.holds(expected, endOf(log, stream)))
  if (conflict === undefined) return parts.some(({ events }) => events.length > 0) ? "written" : "checked"
  const { version } = endOf(log, conflict.stream)
  const fits = conflict.expected._tag === "Exactly" && conflict.expected.version === version
  return fits ? "another last event" : "version conflict"
}

const isDue = (log: Log, { drop = [], epoch, from, subscriber }: Commit.Advance): boolean => {
  const checkpoint = reached(log, subscriber)
  return (
    from === checkpoint.position &&
    (epoch === undefined || epoch >= checkpoint.epoch) &&
    drop.every((place) => log.notes.has(Steps.noteOf(subscriber, place)))
  )
}

/** What a step leaves as it is unless it says otherwise. */
const unchanged = (log: Log, subscriber: string) => ({
  epoch: reached(log, subscriber).epoch,
  keep: [],
  drop: []
})

const named = (facts: Append.Facts, commits: ReadonlyArray<Commit.Commit>): Append.Facts => {
  const ids = commits.map(({ id }) => id)
  const streams = commits.flatMap(({ parts }) => parts.map(({ stream }) => stream))
  const subscribers = commits.map(({ advance }) => advance?.subscriber)
  const dropped = commits.flatMap(({ advance }) =>
    (advance?.drop ?? []).map((place) => Steps.noteOf(advance?.subscriber ?? "", place))
  )
  return {
    ...facts,
    commits: new Map([...facts.commits].filter(([id]) => ids.includes(id))),
    streams: new Map([...facts.streams].filter(([stream]) => streams.includes(stream))),
    checkpoints: new Map([...facts.checkpoints].filter(([subscriber]) => subscribers.includes(subscriber))),
    notes: new Set(dropped.filter((name) => facts.notes.has(name)))
  }
}
