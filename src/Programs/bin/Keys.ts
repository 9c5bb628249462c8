/** A terminal that is asked whether to go on. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** Clears the terminal, prints a screen, and waits for a key, unless it is the last screen. */
export const show = (screen: string, last: boolean): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    yield* write("\u001b[2J\u001b[H")
    yield* Console.log(screen)
    if (last) return true
    yield* write("  Enter: the next stage   q: the end ")
    const key = yield* pressed
    yield* write("\r\u001b[K")
    return key === "Enter"
  })

// internal

const write = (text: string) => Effect.sync(() => void process.stdout.write(text))

/** The next key that means something. The terminal hands over each one as it is pressed, Ctrl-C too. */
const pressed = Effect.async<"Enter" | "q">((resume) => {
  const { stdin } = process
  const stop = () => void stdin.off("data", listen).setRawMode(false).pause()
  const listen = (typed: Buffer) => {
    const at = typed.findIndex((key) => keys.has(key))
    const key = keys.get(typed[at] ?? 0)
    if (key === undefined) return
    stop()
    // Whoever types ahead is answered on the next screens.
    if (at + 1 < typed.length) stdin.unshift(typed.subarray(at + 1))
    if (key === "Ctrl-C") process.kill(process.pid, "SIGINT")
    else resume(Effect.succeed(key))
  }
  stdin.setRawMode(true).on("data", listen).resume()
  return Effect.sync(stop)
})

/** Bytes of the keys that mean something. */
const keys: ReadonlyMap<number, "Enter" | "q" | "Ctrl-C"> = new Map([
  [0x0d, "Enter"],
  [0x0a, "Enter"],
  [0x71, "q"],
  [0x04, "q"],
  [0x03, "Ctrl-C"]
])
