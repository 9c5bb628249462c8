// tries tasks only
import * as World from "./statements/World.ts"
import * as Trouble from "./statements/Trouble.ts"
import * as Case from "./statements/Case.ts"
import {tasks} from "./statements/Tasks.ts"
import {operations} from "./statements/Operations.ts"
import {leaping} from "./statements/LeapingClock.ts"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
Trouble.install()
const [,, only="", kindf="", skip="none"] = process.argv
const prog = Effect.gen(function*(){
  const h = yield* World.history
  const seen = new Map<string, number>()
  const all = [...tasks.map(t=>({name:t.name, f:(tr:any)=>Case.working(t,tr,h)})), ...operations.map(t=>({name:t.name, f:(tr:any)=>Case.operating(t,tr,h)}))]
  for (const op of all) { if (!new RegExp(only).test(op.name)) continue
    const c0=process.cpuUsage().user; let cases=0, maxn=0; const out = new Map<string,number>()
    for (const kind of Trouble.kinds) { const kn=kind.manner.name+"/"+kind.complaint.name; if (!new RegExp(kindf).test(kn)||new RegExp(skip).test(kn)) continue
      for (let nth=1;nth<400;nth++) {
        const r: any = yield* op.f({...kind,nth})
        cases++
        for (const o of r.outcomes) out.set(o,(out.get(o)??0)+1)
        for (const v of r.violations) { const key=`${kind.manner.name} ${v} ${r.struck?.file} ${r.struck?.sql.slice(0,50)}`.replace(/shm.everfold-\w+/g,"D").replace(/[0-9]+/g,"#").slice(0,400); const c=(seen.get(key)??0)+1; seen.set(key,c); if (c<=1) console.log(`${op.name} | ${kn} | ${nth} ${r.struck?.file} ${r.struck?.inside} ${r.struck?.sql.slice(0,70)}\n     ${v.slice(0,400)}`) }
        maxn=Math.max(maxn,nth-1)
        if (!r.struck) break
      }
    }
    console.log("==", op.name, "stmts", maxn, "cases", cases, "cpu ms/case", ((process.cpuUsage().user-c0)/1000/cases).toFixed(1), JSON.stringify([...out]))
  }
})
await Effect.runPromise(Effect.scoped(leaping(prog)).pipe(Logger.withMinimumLogLevel(LogLevel.None)))
process.exit(0)
