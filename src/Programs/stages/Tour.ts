/** The five stages in one sitting, a screen for each: what it solves, a glimpse of it, and what it costs. */
import * as Effect from "effect/Effect"
import { printed } from "../Printed.ts"
import { explain, say, section } from "../Terminal.ts"
import type { Outline } from "./Stage.ts"

/** Shows a screen, which has at most 23 lines, and says whether to go on; after the last one nobody is asked. */
export type Show<E, R> = (screen: string, last: boolean) => Effect.Effect<boolean, E, R>

/** Goes through the stages, and asks in the end which one it is to be. */
export const program = <E, R, E2, R2>(
  stages: ReadonlyArray<Outline<E, R>>,
  show: Show<E2, R2>
): Effect.Effect<void, E | E2, R | R2> =>
  Effect.gen(function* () {
    for (const stage of stages) {
      if (!(yield* show(yield* screenOf(stage), false))) return
    }
    yield* show(yield* printed(question(stages)), true)
  })

/** What a stage has to show. */
export const screenOf = <E, R>({ cost, glimpse, number, solved, title }: Outline<E, R>) =>
  Effect.gen(function* () {
    const seen = yield* printed(glimpse)
    const above = Effect.zipRight(section(`Stage ${number} of 5: ${title}`), explain("Solved:", solved))
    const screen = [yield* printed(above), seen, yield* printed(explain("Price: ", cost))]
    return screen.join("\n\n")
  })

// internal

const question = <E, R>(stages: ReadonlyArray<Outline<E, R>>) =>
  Effect.gen(function* () {
    yield* section("Which stage does your system need?")
    for (const { need, number, title } of stages) {
      yield* say(`${number}  ${title}`)
      yield* explain("  ", need)
    }
    yield* say("Each stage adds something to look after. Take the first one that is enough.")
    yield* say("npm run demo -- stage1 (and so on to stage5) tells all of one.")
  })
