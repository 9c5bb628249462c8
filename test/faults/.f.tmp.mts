import * as Effect from "effect/Effect"
const [file="", runs="1", seed="1"] = process.argv.slice(2)
const m = await import(file)
for (const f of Object.values(m) as any[]) if (f?.run && (!process.argv[5] || f.name===process.argv[5])) {
  const t=performance.now(), c0=process.cpuUsage().user+process.cpuUsage().system
  const o: any = await Effect.runPromise(f.run({runs:Number(runs),seed:Number(seed)}))
  console.log(f.name, o.runs, "violations", o.violations.length, o.skipped ?? "", ((performance.now()-t)/1000).toFixed(1)+"s", "cpu "+((process.cpuUsage().user+process.cpuUsage().system-c0)/1e6).toFixed(1))
  const seen = new Set<string>()
  for (const v of o.violations) { const k=v.replace(/^seed \d+: /,"").replace(/everfold-\w+/g,"D").replace(/\d+/g,"#"); if(!seen.has(k)) {seen.add(k); console.log(v.slice(0,500))} }
  console.log((o.lines??[]).join("\n"))
}
process.exit(0)
