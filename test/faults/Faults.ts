/** Every fault with its two counts. The longest first: two processes share them. */
import type { Fault } from "./Fault.ts"
import * as Disk from "./disk/Disk.ts"
import * as Fsync from "./fsync/Fsync.ts"
import * as Kill from "./kill/Kill.ts"
import * as Processes from "./processes/Processes.ts"
import * as Statements from "./statements/Statements.ts"

export const faults: ReadonlyArray<Fault> = [
  Kill.eachPoint,
  Kill.anyMoment,
  Fsync.fault,
  Statements.fault,
  Disk.fault,
  Processes.contest,
  Processes.opening
]
