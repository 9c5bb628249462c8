/** Every fault with its two counts. The longest first: two processes share them. */
import type { Fault } from "./Fault.ts"
import * as Fsync from "./fsync/Fsync.ts"
import * as Kill from "./kill/Kill.ts"

export const faults: ReadonlyArray<Fault> = [Kill.eachPoint, Kill.anyMoment, Fsync.fault]
