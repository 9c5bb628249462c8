import { expect, it } from "@effect/vitest"
import { Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { deposit, withdraw } from "../../Bank.ts"
import { connect, withoutTriggers } from "../../Layers/sqlite/files.ts"
import { folder } from "../../Layers/Stacks.ts"
import type { Life } from "./Life.ts"
import * as Remains from "./Remains.ts"
import * as Trade from "./Trade.ts"

const asked = new Map<string, Trade.Command>([
  ["one", deposit("alice", 100)],
  ["two", withdraw("alice", 30)],
  ["three", { _tag: "Pack", parcelId: "p" }]
])

/** A life of three commands, and the files that it has left. */
const lived = Effect.gen(function* () {
  const directory = yield* folder
  const life: Life = { asked, answered: [...asked.keys()] }
  yield* Effect.gen(function* () {
    for (const [id, command] of asked) yield* Trade.send(command, id)
    yield* Subscriptions.settled
  }).pipe(Effect.provide(Trade.program(directory)))
  return { directory, life }
})

it.scopedLive("a life that ended well leaves nothing to complain about", () =>
  Effect.gen(function* () {
    const { directory, life } = yield* lived
    expect(yield* Remains.asTheyLie(directory, life)).toEqual([])
    expect(yield* Remains.whenItGoesOn(directory, life)).toEqual([])
  })
)

it.scopedLive("an answered command that is not there is noticed", () =>
  Effect.gen(function* () {
    const { directory, life } = yield* lived
    const found = yield* Remains.asTheyLie(directory, { ...life, answered: ["one", "four"] })
    expect(found).toEqual(["the answered command four is lost"])
  })
)

it.scopedLive.each([
  [
    "a row that is no fold",
    "read.db",
    "update rows set row = json_set(row, '$.balance', 71)",
    /are not the fold/
  ],
  [
    "a commit that lost its end",
    "log.db",
    "update events set id = 'four#0' where id = 'three#11'",
    /is not whole/
  ],
  [
    "a checkpoint without its events",
    "log.db",
    "update checkpoints set position = 1 where subscriber = 'letters'",
    /"letters" at 1 should have caused 0 Sent, not 1/
  ]
] as const)("%s is noticed", ([, file, damage, complaint]) =>
  Effect.gen(function* () {
    const { directory, life } = yield* lived
    const raw = yield* connect(join(directory, file))
    if (file === "log.db") withoutTriggers(raw)
    raw.exec(damage)
    raw.close()
    expect((yield* Remains.asTheyLie(directory, life)).join("\n")).toMatch(complaint)
  })
)
