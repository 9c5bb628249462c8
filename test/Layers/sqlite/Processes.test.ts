import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { freshFile, openLog } from "./files.ts"

const appender = join(import.meta.dirname, "appender.ts")
const count = 200

/** Starts a process that appends; it is ready, and begins when it is told to. */
const start = (file: string, name: string) =>
  Effect.promise(async () => {
    const options = ["--conditions=source", "--import", "tsx", appender, file, name, String(count)]
    const child = spawn(process.execPath, options)
    const complaints = text(child.stderr)
    const ended = once(child, "exit")
    await Promise.race([once(child.stdout, "data"), ended])
    return async () => {
      child.stdin.end()
      child.stdout.resume()
      const [code] = await ended
      return { code, complaints: await complaints }
    }
  })

it.scopedLive(
  "two processes that append to one log leave no gap and lose nothing, and neither sees Busy",
  () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const names = ["left", "right"]
      const begin = yield* Effect.forEach(names, (name) => start(file, name), { concurrency: 2 })
      const ends = yield* Effect.promise(() => Promise.all(begin.map((go) => go())))
      expect(ends).toEqual(names.map(() => ({ code: 0, complaints: "" })))

      const log = yield* openLog(file)
      const { events } = yield* log.readAll({ limit: 10_000 })
      expect(events.map(({ position }) => position)).toEqual(
        Array.from({ length: 2 * count }, (_, n) => n + 1)
      )
      for (const name of names) {
        const own = events.map(({ id }) => id).filter((id) => id.startsWith(name))
        expect(own).toEqual(Array.from({ length: count }, (_, n) => `${name}-${n + 1}#0`))
      }
      for (const stream of ["Shared-0", "Shared-1", "Shared-2", "Shared-3"]) {
        const versions = (yield* log.readStream({ stream })).map(({ version }) => version)
        expect(versions).toEqual(Array.from({ length: count / 2 }, (_, n) => n + 1))
      }
      const times = events.map(({ recordedAt }) => recordedAt)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      // Otherwise one was done before the other began, and nothing was tried.
      const first = events.findIndex(({ id }) => id.startsWith("right"))
      const last = events.findLastIndex(({ id }) => id.startsWith("left"))
      expect(first).toBeLessThan(last)
    })
)
