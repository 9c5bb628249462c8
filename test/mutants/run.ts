/** The mutants alone, all of them or those that are named: `tsx --conditions=source test/mutants/run.ts [name …]`. */
import * as Effect from "effect/Effect"
import * as Mutant from "./Mutant.ts"
import * as Mutants from "./Mutants.ts"

const names = process.argv.slice(2)
const chosen = Mutant.all().filter(({ name }) => names.length === 0 || names.includes(name))
process.exitCode = (await Effect.runPromise(Mutants.main(chosen))) ? 0 : 1
