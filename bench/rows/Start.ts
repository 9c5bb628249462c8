/** From the start of a program to its first command done, in an empty folder. */
import { join } from "node:path"
import * as Bundle from "../Bundle.ts"
import type { Contender } from "../Contender.ts"
import * as FirstCommand from "../FirstCommand.ts"
import * as Others from "../Others.ts"
import type { Place, Row } from "../Row.ts"

type Cases = "the first command"

/** As programs are installed: bundled, and run by `node`. */
const everfold = async ({ directory }: Place<Cases>): Promise<Contender> => {
  const program = await Bundle.of("first.ts")
  let starts = 0
  return async (_, runs) => {
    let seconds = 0
    for (let run = 0; run < runs; run += 1) {
      seconds += await FirstCommand.seconds(process.execPath, [program, join(directory, String(starts++))])
    }
    return seconds
  }
}

export const start: Row<Cases> = {
  name: "start",
  cases: { "the first command": { unit: "starts", size: 1, runs: 2 } },
  contenders: [
    { name: "everfold", settings: ["FULL"], open: everfold },
    {
      name: "python",
      settings: ["as it is"],
      open: Others.python(async () => (await import("../rivals/Python.ts")).start)
    }
  ]
}
