import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  Commit,
  EventStore,
  Expected,
  Ids,
  Metadata,
  Reaction,
  Reactor,
  StoreError,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import {
  Account,
  Deposited,
  deposit,
  Journal,
  Letter,
  Letters,
  Note,
  Notes,
  Send,
  Withdrawn,
  withdraw
} from "../Bank.ts"
import { deposits, errors, hurry, log, settle, stacks, stateOf, wrapped } from "./Stacks.ts"

const post = Layer.mergeAll(Reactor.layer(Letters, [Letter]), Reactor.layer(Notes, [Journal]))

const metadata = Effect.map(log, (events) =>
  events.map(({ id, metadata, recordedAt, type }) => ({
    id,
    type,
    recordedAt,
    metadata: JSON.parse(metadata)
  }))
)

/** The commit that an event is part of: its command's id. */
const commitOf = (event: { readonly id: string } | undefined) => event?.id.split("#", 1).join("")

const texts = Effect.map(log, (events) =>
  events.filter(({ type }) => type === "Noted").map(({ payload }) => JSON.parse(payload).text)
)

const lost = { stream: "Journal-post", expected: "0", actual: 1 }

describe.each(stacks)("reactions on $name", ({ layer }) => {
  it.effect("commands are decided and committed in the order of the events", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* CommandHandler.handle(Account, withdraw("alice", 2))
      yield* Subscriptions.settled
      expect(yield* texts).toEqual(["alice.2 stamped", "alice.2 sent", "alice.3 stamped", "alice.3 sent"])
      const events = yield* log
      expect(events.filter(({ stream }) => stream === "Journal-post").map(({ version }) => version)).toEqual([
        1, 2, 3, 4
      ])
      expect(events.filter(({ type }) => type === "Sent").map(({ stream }) => stream)).toEqual([
        "Letter-alice.2",
        "Letter-alice.3"
      ])
    }).pipe(Effect.provide(post), Effect.provide(layer))
  )

  it.effect("the request and its sender stay known, and what caused what", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1)).pipe(
        Metadata.with({ actor: "alice", correlationId: "request" })
      )
      yield* Subscriptions.settled
      const [, withdrawn, sent, stamped, noted] = yield* metadata
      const request = { actor: "alice", correlationId: "request" }
      expect(withdrawn?.metadata).toEqual({ ...request, commandId: withdrawn?.metadata.commandId })
      expect(sent?.metadata).toEqual({
        ...request,
        causationId: withdrawn?.id,
        commandId: commitOf(sent)
      })
      expect(stamped?.metadata).toEqual({
        ...request,
        causationId: sent?.id,
        commandId: commitOf(stamped)
      })
      expect(noted?.metadata).toEqual(stamped?.metadata)
    }).pipe(Effect.provide(post), Effect.provide(layer))
  )

  it.effect("a command that a subscriber sends belongs to the same request", () => {
    const sender = Subscriber.make("sender", { events: [Withdrawn] }).on({
      Withdrawn: ({ accountId }) => CommandHandler.handle(Letter, Send.make({ letterId: accountId }))
    })
    return Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1)).pipe(Metadata.with({ actor: "alice" }))
      yield* Subscriptions.settled
      const [, withdrawn, sent] = yield* metadata
      expect(sent?.metadata).toEqual({
        actor: "alice",
        correlationId: withdrawn?.metadata.correlationId,
        causationId: withdrawn?.id,
        commandId: sent?.metadata.commandId
      })
      expect(sent?.metadata.commandId).not.toBe(withdrawn?.metadata.commandId)
    }).pipe(Effect.provide(Subscriber.layer(sender)), Effect.provide(layer))
  })

  it.effect("each command is decided on what those before it have decided", () => {
    const seen: Array<ReadonlyArray<string>> = []
    const Watched = {
      ...Journal,
      decide: (state: { readonly texts: ReadonlyArray<string> }, command: Note) => {
        seen.push(state.texts)
        return Journal.decide(state, command, { now: 0, id: String })
      }
    }
    return Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Subscriptions.settled
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Subscriptions.settled
      const [one, two, three] = ["alice.2 stamped", "alice.2 sent", "alice.3 stamped"]
      expect(seen).toEqual([[], [one], [one, two], [one, two, three]])
    }).pipe(
      Effect.provide(Layer.mergeAll(Reactor.layer(Letters, [Letter]), Reactor.layer(Notes, [Watched]))),
      Effect.provide(layer)
    )
  })

  it.effect("an event is answered once, whatever becomes of the checkpoint, and of the code", () => {
    const noting = (text: string) =>
      Reaction.make("noting", { events: [Deposited], commands: [Note] }).on({
        Deposited: ({ amount }) => [Note.make({ journalId: "j", text: `${text} ${amount}` })]
      })
    const run = (text: string) =>
      Effect.provide(Subscriptions.settled, Reactor.layer(noting(text), [Journal]))
    return Effect.gen(function* () {
      const store = yield* EventStore.EventStore
      yield* deposits(1, 2)
      yield* run("seen")
      const end = yield* store.checkpoint("noting")
      yield* EventStore.advance(store, { subscriber: "noting", from: end, to: 0 })
      yield* deposits(3)
      yield* run("answered")
      expect(yield* texts).toEqual(["seen 1", "seen 2", "answered 3"])
      expect(yield* store.checkpoint("noting")).toBe(yield* store.head)
    }).pipe(Effect.provide(layer))
  })

  const policies = [
    { what: "sets the event aside", finally: "Park", position: 4, parked: 1 },
    { what: "halts the reaction, where that is its policy,", finally: "Halt", position: 1, parked: 0 }
  ] as const

  it.effect.each(policies)("a refused command $what and nothing of its answer is written", (policy) => {
    const { layer: logger, lines } = errors()
    const Both = Reaction.make("both", { events: [Deposited], commands: [Note, Send] }).on({
      Deposited: ({ amount }) => [
        Note.make({ journalId: "j", text: `deposit ${amount}` }),
        Send.make({ letterId: "the-only-one" })
      ]
    })
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      const { position, parked } = policy
      yield* Effect.gen(function* () {
        yield* Effect.exit(Subscriptions.settled)
        const state = yield* stateOf("both")
        expect(state).toMatchObject({ status: parked === 0 ? "Halted" : "Live", position, parked })
        expect(state?.error).toMatch(/Deposited \(Account-alice version 2\): AlreadySent/)
      }).pipe(Effect.provide(Reactor.layer(Both, [Letter, Journal], { finally: policy.finally })))
      expect(yield* texts).toEqual(["deposit 1"])
      expect(lines).toHaveLength(1 - parked)
      const store = yield* EventStore.EventStore
      expect(yield* store.checkpoint("both")).toBe(position)
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.scoped("somebody else writes to the same stream: it decides again", () => {
    let rivals = 3
    const contested = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      append: (commit, queued) => {
        if (commit.parts[0]?.stream !== "Journal-post" || rivals-- <= 0) return store.append(commit, queued)
        const payload = JSON.stringify({ journalId: "post", text: `rival ${rivals}` })
        const events = [{ type: "Noted", revision: 1, payload }]
        const parts = [{ stream: "Journal-post", expected: Expected.any, events }]
        const first = store.append({ id: `rival-${rivals}`, metadata: {}, parts })
        return Effect.zipRight(first, store.append(commit, queued))
      }
    }))
    return Effect.gen(function* () {
      yield* hurry
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Subscriptions.settled
      expect(yield* texts).toEqual(["rival 2", "rival 1", "rival 0", "alice.2 stamped", "alice.2 sent"])
      expect(yield* stateOf("notes")).toMatchObject({ status: "Live", errors: 0 })
    }).pipe(Effect.provide(Layer.provide(post, contested)), Effect.provide(layer))
  })

  it.scoped.each([
    ["loses one race after the other", new Commit.VersionConflict(lost), /^Journal-post is at version/],
    [
      "is not told what became of its answer",
      StoreError.make("OutcomeUnknown", "no answer"),
      /^OutcomeUnknown/
    ]
  ] as const)("one that %s says so until it is through, and answers once", ([, error, message]) => {
    let failing = true
    const troubled = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      append: (commit, queued) =>
        Effect.suspend(() =>
          failing && commit.parts[0]?.stream === "Journal-post" ? error : store.append(commit, queued)
        )
    }))
    return Effect.gen(function* () {
      const notes = yield* Subscriptions.running(Notes)
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Effect.repeatN(Effect.zipRight(settle, TestClock.adjust("100 millis")), 10)
      expect(yield* notes.state).toMatchObject({
        status: "Retrying",
        error: expect.stringMatching(message)
      })
      failing = false
      yield* hurry
      yield* Subscriptions.settled
      expect(yield* notes.state).toMatchObject({ status: "Live", error: undefined, parked: 0 })
      expect(yield* texts).toEqual(["alice.2 stamped", "alice.2 sent"])
    }).pipe(Effect.provide(Layer.provide(post, troubled)), Effect.provide(layer))
  })

  it.effect("an answer that finds nothing to do moves the checkpoint and writes nothing", () => {
    const Silent = Reaction.make("silent", { events: [Deposited], commands: [Note] }).on({
      Deposited: () => [Note.make({ journalId: "j", text: "" })]
    })
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, Reactor.layer(Silent, [Journal]))
      const store = yield* EventStore.EventStore
      expect([yield* store.head, yield* store.checkpoint("silent")]).toEqual([2, 2])
    }).pipe(Effect.provide(layer))
  })

  it.scoped("deciding an answer again gives the same ids", () => {
    const ids: Array<string> = []
    let conflicts = 1
    const contested = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      append: (commit, queued) =>
        commit.parts[0]?.stream === "Journal-post" && conflicts-- > 0
          ? Effect.fail(new Commit.VersionConflict(lost))
          : store.append(commit, queued)
    }))
    const Watched = {
      ...Journal,
      decide: (
        state: { readonly texts: ReadonlyArray<string> },
        command: Note,
        { id }: { readonly id: (n: number) => string }
      ) => {
        ids.push(id(0))
        return Journal.decide(state, command, { now: 0, id })
      }
    }
    return Effect.gen(function* () {
      yield* hurry
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Subscriptions.settled
      const all = yield* log
      const noted = all.filter(({ type }) => type === "Noted")
      const id = commitOf(noted[0])
      expect(ids).toEqual([`${id}.0.0`, `${id}.1.0`, `${id}.0.0`, `${id}.1.0`])
      expect(noted.map(({ id }) => id)).toEqual([`${id}#0`, `${id}#1`])
    }).pipe(
      Effect.provide(
        Layer.provide(
          Layer.mergeAll(Reactor.layer(Letters, [Letter]), Reactor.layer(Notes, [Watched])),
          contested
        )
      ),
      Effect.provide(layer)
    )
  })
})
