/** Colours for terminals that show them. Programs print plain text; what a line is, is told by how it begins. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** Paints a text, line by line. */
export const paint = (text: string): string => text.split("\n").map(paintLine).join("\n")

/** Paints what a program and all who work for it print. */
export const painted = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Console.consoleWith((plain) => {
    const log = (...texts: ReadonlyArray<unknown>) => plain.log(...texts.map((text) => paint(String(text))))
    return Effect.withConsole(program, { ...plain, log })
  })

// internal

const styles: ReadonlyArray<readonly [begins: RegExp, style: number]> = [
  [/^── /, 1],
  [/^\[AUDIT\] /, 2],
  [/^\[ALERT\] /, 33],
  [/^ {2}(?:refused|halted): /, 31]
]

const paintLine = (line: string): string => {
  const style = styles.find(([begins]) => begins.test(line))?.[1]
  return style === undefined ? line : `\u001b[${style}m${line}\u001b[0m`
}
