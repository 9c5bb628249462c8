/** Stores that break one promise each: the contract suites must notice, by the case that says so. */
import { describe, expect, it } from "@effect/vitest"
import { EventStore, MemoryEventStore, QueueDoorbell, UuidIds } from "everfold"
import { EventStoreContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { broken } from "./broken.ts"

type Log = typeof EventStore.EventStore.Service

const memoryLog = MemoryEventStore.layer.pipe(Layer.provide([QueueDoorbell.layer, UuidIds.layer]))

const logs: ReadonlyArray<readonly [mutant: string, noticed: string, change: (log: Log) => Log]> = [
  [
    "writes part by part",
    "a conflict in a later part writes nothing of the earlier ones",
    (log) => ({
      ...log,
      append: (commit) =>
        Effect.map(
          Effect.forEach(commit.parts, (part) => log.append({ ...commit, parts: [part] })),
          (all) => ({ events: all.flatMap(({ events }) => events) })
        )
    })
  ],
  [
    "forgets checks without events",
    "a conflict in a later part writes nothing of the earlier ones",
    (log) => ({
      ...log,
      append: (commit) =>
        log.append({ ...commit, parts: commit.parts.filter(({ events }) => events.length > 0) })
    })
  ],
  [
    "takes every expectation for Any",
    "each expectation that does not hold is a VersionConflict that says why",
    (log) => ({
      ...log,
      append: (commit) =>
        log.append({ ...commit, parts: commit.parts.map((part) => ({ ...part, expected: { _tag: "Any" } })) })
    })
  ],
  [
    "takes StreamExists for Any",
    "a conflict in a later part writes nothing of the earlier ones",
    (log) => ({
      ...log,
      append: (commit) =>
        log.append({
          ...commit,
          parts: commit.parts.map((part) =>
            part.expected._tag === "StreamExists" ? { ...part, expected: { _tag: "Any" } } : part
          )
        })
    })
  ],
  [
    "moves the checkpoint before the events, in a transaction of its own",
    "a checkpoint stays where it is when the events are refused",
    (log) => ({
      ...log,
      append: ({ advance, metadata, parts }) =>
        Effect.zipRight(
          log.append({ metadata, parts: [], ...(advance && { advance }) }),
          log.append({ metadata, parts })
        )
    })
  ],
  [
    "moves the checkpoint after the events, in a transaction of its own",
    "a checkpoint that is elsewhere is CheckpointMoved, and nothing is written",
    (log) => ({
      ...log,
      append: ({ advance, metadata, parts }) =>
        Effect.zipLeft(
          log.append({ metadata, parts }),
          log.append({ metadata, parts: [], ...(advance && { advance }) })
        )
    })
  ],
  [
    "can be interrupted between two writes",
    "an append that is interrupted while it runs has written everything or nothing",
    (log) => ({
      ...log,
      append: ({ advance, metadata, parts }) =>
        Effect.zipLeft(
          log.append({ metadata, parts }),
          Effect.zipRight(Effect.yieldNow(), log.append({ metadata, parts: [], ...(advance && { advance }) }))
        )
    })
  ],
  [
    "lets `to` stand where the last match is",
    "types and categories choose events, and `to` moves on past the others",
    (log) => ({
      ...log,
      readAll: (query) =>
        Effect.map(log.readAll(query), (page) => ({
          ...page,
          to: page.events.at(-1)?.position ?? page.after
        }))
    })
  ],
  [
    "compares categories by their beginning",
    "types and categories choose events, and `to` moves on past the others",
    (log) => ({
      ...log,
      readAll: ({ categories, ...query }) =>
        Effect.map(log.readAll(query), (page) => ({
          ...page,
          events: page.events.filter(
            ({ stream }) => categories === undefined || categories.some((one) => stream.startsWith(one))
          )
        }))
    })
  ],
  [
    "excludes the time that it reads from",
    "the log is read from a time on, that time included",
    (log) => ({
      ...log,
      readAll: ({ since, ...query }) =>
        log.readAll(since === undefined ? query : { ...query, since: since + 1 })
    })
  ],
  [
    "excludes the time that it reads a stream to",
    "a stream is read up to a time, that time included",
    (log) => ({
      ...log,
      readStream: ({ time, ...query }) =>
        log.readStream(time === undefined ? query : { ...query, time: time - 1 })
    })
  ],
  [
    "normalizes what it stores",
    "payloads, types and metadata come back byte for byte",
    (log) => ({
      ...log,
      readStream: (query) =>
        Effect.map(log.readStream(query), (events) =>
          events.map((stored) => ({ ...stored, payload: stored.payload.normalize("NFC") }))
        )
    })
  ]
]

describe("the contract of the log", () => {
  it.live("is kept by the log that the others were made from", () =>
    Effect.map(broken(EventStoreContract.cases, memoryLog), (names) => expect(names).toEqual([]))
  )
  for (const [mutant, noticed, change] of logs) {
    it.live(`notices a log that ${mutant}`, () => {
      const store = Layer.effect(EventStore.EventStore, Effect.map(EventStore.EventStore, change))
      return Effect.map(broken(EventStoreContract.cases, store.pipe(Layer.provide(memoryLog))), (names) =>
        expect(names).toContain(noticed)
      )
    })
  }
})
