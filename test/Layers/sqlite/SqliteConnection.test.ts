import type * as SqlClient from "@effect/sql/SqlClient"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { join } from "node:path"
import { interleaved } from "../../faults/Interleaving.ts"
import * as Countdown from "../../faults/interruption/Countdown.ts"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteReadDatabase from "../../../src/Layers/sqlite/SqliteReadDatabase.ts"
import { folder } from "../Stacks.ts"

/** Interrupts a statement that was never prepared before, at a step of it; then asks it again. */
const again = (client: SqlClient.SqlClient, step: number) =>
  Effect.suspend(() => {
    const countdown = Countdown.until(step)
    const statement = `select ${Math.min(step, 1_000_000)}`
    const ask = client.unsafe(statement)
    return Effect.gen(function* () {
      const fiber = yield* Effect.fork(ask)
      yield* countdown.of(fiber)
      yield* Fiber.await(fiber)
      const steps = yield* countdown.steps
      const answer = yield* Effect.timeoutTo(Effect.disconnect(ask), {
        duration: "5 seconds",
        onSuccess: () => "answered",
        onTimeout: () => "never"
      })
      return { answer, steps }
    }).pipe(interleaved({ seed: 1, share: 0, watch: countdown.step }))
  })

it.scopedLive("whoever is interrupted at any step of a statement does not spoil it for the next one", () =>
  Effect.gen(function* () {
    const { applicationId, migrations } = SqliteReadDatabase
    const filename = join(yield* folder, "read.db")
    const database = yield* SqliteDatabase.open({ filename, applicationId, migrations, durability: "NORMAL" })
    const client = yield* database.client
    const { steps } = yield* again(client, Infinity)
    expect(steps).toBeGreaterThan(10)
    for (let step = 1; step <= steps; step++) {
      expect(yield* again(client, step)).toMatchObject({ answer: "answered" })
    }
  })
)
