import { expect, it } from "@effect/vitest"
import { Leases, MemoryLeases, SubscriptionControl } from "everfold"
import * as Effect from "effect/Effect"

const { find } = SubscriptionControl

it.effect("is found by the name under which it runs, has run, or was asked about", () =>
  Effect.gen(function* () {
    const leases = yield* Leases.Leases
    const [mail] = yield* leases.hold("one", "1 minute", [{ subscriber: "mail", report: "" }])
    yield* leases.ask("restock", true)
    expect(yield* find("mail")).toEqual({ name: "mail", lease: mail })
    expect(yield* find("restock")).toMatchObject({ name: "restock", lease: { paused: true } })
  }).pipe(Effect.provide(MemoryLeases.layer))
)

it.effect("is not found by a misspelt name, and whoever has misspelt it is told what there is", () =>
  Effect.gen(function* () {
    const leases = yield* Leases.Leases
    expect((yield* Effect.flip(find("mial"))).message).toBe(
      'no subscriber is called "mial"; none has ever run here'
    )
    for (const name of ["restock", "mail"]) yield* leases.ask(name)
    const unknown = yield* Effect.flip(find("mial"))
    expect(unknown).toMatchObject({
      _tag: "UnknownSubscriber",
      subscriber: "mial",
      known: ["mail", "restock"]
    })
    expect(unknown.message).toBe('no subscriber is called "mial"; there are: mail, restock')
    expect((yield* leases.all).map(({ subscriber }) => subscriber)).toEqual(["mail", "restock"])
  }).pipe(Effect.provide(MemoryLeases.layer))
)
