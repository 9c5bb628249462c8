import * as World from "./statements/World.ts"
import {leaping} from "./statements/LeapingClock.ts"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Exit from "effect/Exit"
import { Subscriptions, CommandHandler } from "everfold"
import {Account, withdraw, deposit} from "../Bank.ts"
const prog = Effect.gen(function*(){
  const h = yield* World.history
  let bad=0
  for (let i=0;i<100;i++) {
    const d = yield* World.copyOf(h)
    yield* Effect.scoped(Effect.gen(function*(){ const c = yield* Layer.build(World.peopled(d)); yield* Effect.provide(Subscriptions.settled,c);
     yield* Effect.provide(CommandHandler.handle(Account, withdraw("alice",1)),c)
     yield* Effect.provide(CommandHandler.handle(Account, deposit("bob",1)),c)
     let im=0; const cnt=()=>{im++; if(!stop) setImmediate(cnt)}; let stop=false; setImmediate(cnt)
     const e = yield* Effect.exit(Effect.timeout(Effect.provide(Subscriptions.settled,c),"20 seconds"))
     stop=true
     if (Exit.isFailure(e)) { bad++; if (bad<4) {console.log(i,im, JSON.stringify(yield* Effect.provide(Subscriptions.status,c)));
       yield* Effect.async<void>(r=>{setTimeout(()=>r(Effect.void),200)})
       console.log("later", JSON.stringify(yield* Effect.provide(Subscriptions.status,c)))
       } } }))
  }
  console.log({bad})
})
await Effect.runPromise(Effect.scoped(leaping(prog)))
