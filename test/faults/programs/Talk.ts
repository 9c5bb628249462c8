/** What a program tells whoever has started it, and what it is told: lines. */
import { Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { writeSync } from "node:fs"
import { createInterface } from "node:readline"

/** Tells something, at once. */
export const tell = (...words: ReadonlyArray<string | number>) =>
  Effect.sync(() => void writeSync(1, `${words.join(" ")}\n`))

/** The words of each line that comes; ends with whoever sends them. */
export const lines: Stream.Stream<ReadonlyArray<string>> = Stream.async((emit) => {
  const lines = createInterface({ input: process.stdin })
  lines.on("line", (line) => void emit.single(line.split(" "))).on("close", () => void emit.end())
  // Whoever still listens keeps the process alive.
  return Effect.sync(() => void process.stdin.destroy())
})

/** Tells what each subscriber is doing, now and whenever that has changed: `is <name> <status>`. */
export const statuses = Effect.gen(function* () {
  const told = new Map<string, string>()
  const look = Effect.flatMap(
    Subscriptions.status,
    Effect.forEach(({ name, status }) => {
      if (told.get(name) === status) return Effect.void
      told.set(name, status)
      return tell("is", name, status)
    })
  )
  yield* look
  yield* Effect.forkScoped(Effect.repeat(look, Schedule.spaced("10 millis")))
})
