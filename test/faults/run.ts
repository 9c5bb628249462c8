/** `npm run test:faults` and `npm run soak`. */
import * as Main from "../../src/Programs/bin/Main.ts"
import { faults } from "./Faults.ts"
import * as Harness from "./Harness.ts"

const module = new URL("Faults.ts", import.meta.url).href

Main.run(Harness.main(process.argv.slice(2), { module, faults }), ({ _tag }) =>
  _tag === "UsageError" ? 2 : 1
)
