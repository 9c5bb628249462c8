// TS2353: Object literal may only specify known properties, and 'timeout' does not exist in type 'Partial<Untimed>'.
import { Reactor } from "everfold"
import { Letter, Letters } from "../../Bank.ts"

export const running = Reactor.layer(Letters, [Letter], { timeout: "1 second", finally: "Halt" })
