/** Every fault with its two counts. The longest first: two processes share them. */
import * as Acknowledgement from "./acknowledgement/Acknowledgement.ts"
import * as Disk from "./disk/Disk.ts"
import type { Fault } from "./Fault.ts"
import * as Fsync from "./fsync/Fsync.ts"
import * as Histories from "./histories/Histories.ts"
import * as Interruption from "./interruption/Interruption.ts"
import * as Kill from "./kill/Kill.ts"
import * as Linearisable from "./linearisable/Linearisable.ts"
import * as Processes from "./processes/Processes.ts"
import * as Statements from "./statements/Statements.ts"

export const faults: ReadonlyArray<Fault> = [
  Kill.eachPoint,
  Kill.anyMoment,
  Histories.inMemory,
  Histories.onFile,
  Histories.onDisk,
  Linearisable.fault,
  Interruption.fault,
  Statements.fault,
  Acknowledgement.fault,
  Fsync.fault,
  Disk.fault,
  Processes.contest,
  Processes.opening
]
