const skip = process.argv[4]
import * as World from "./statements/World.ts"
import * as Trouble from "./statements/Trouble.ts"
import * as Case from "./statements/Case.ts"
import { operations } from "./statements/Operations.ts"
import { leaping } from "./statements/LeapingClock.ts"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
Trouble.install()
const only = process.argv[2],
  kindf = process.argv[3]
const prog = Effect.gen(function* () {
  const h = yield* World.history
  const seen = new Map<string, number>()
  for (const op of operations) {
    if (only && !new RegExp(only).test(op.name)) continue
    const t0 = performance.now()
    let cases = 0,
      maxn = 0
    const out = new Map<string, number>()
    for (const kind of Trouble.kinds) {
      if (skip && kind.manner.name === skip) continue
      if (kindf && !(kind.manner.name + "/" + kind.complaint.name).includes(kindf)) continue
      for (let nth = 1; nth < 400; nth++) {
        const r = yield* Case.run(op, { ...kind, nth }, h)
        cases++
        for (const o of r.outcomes) out.set(o, (out.get(o) ?? 0) + 1)
        for (const v of r.violations) {
          const key = `${kind.manner.name} ${v} ${r.struck?.file} ${r.struck?.sql.slice(0, 50)}`
            .replace(/shm.everfold-\w+/g, "D")
            .replace(/[0-9]+/g, "#")
            .slice(0, 400)
          const c = (seen.get(key) ?? 0) + 1
          seen.set(key, c)
          if (c <= 1)
            console.log(
              `${op.name} | ${kind.manner.name} | ${kind.complaint.name} | ${nth} ${r.struck?.file} ${r.struck?.inside} ${r.struck?.sql.slice(0, 70)}\n     ${v.slice(0, 400)}`
            )
        }
        maxn = Math.max(maxn, nth - 1)
        if (!r.struck) break
      }
    }
    console.log(
      "==",
      op.name,
      "stmts",
      maxn,
      "cases",
      cases,
      "ms/case",
      ((performance.now() - t0) / cases).toFixed(1),
      JSON.stringify([...out])
    )
  }
  console.log(
    [...seen]
      .sort((a, b) => b[1] - a[1])
      .map(([k, c]) => c + " " + k.slice(0, 200))
      .join("\n")
  )
})
await Effect.runPromise(Effect.scoped(leaping(prog)).pipe(Logger.withMinimumLogLevel(LogLevel.None)))
process.exit(0)
