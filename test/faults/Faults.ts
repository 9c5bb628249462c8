/** Every fault with its two counts. The longest first: several processes share them. */
import * as Acknowledgement from "./acknowledgement/Acknowledgement.ts"
import * as Deletion from "./deletion/Deletion.ts"
import * as Deliveries from "./deliveries/Deliveries.ts"
import * as Disk from "./disk/Disk.ts"
import * as Doorbells from "./doorbells/Doorbells.ts"
import type { Fault } from "./Fault.ts"
import * as Fsync from "./fsync/Fsync.ts"
import * as Handlers from "./handlers/Handlers.ts"
import * as Histories from "./histories/Histories.ts"
import * as Interruption from "./interruption/Interruption.ts"
import * as Kill from "./kill/Kill.ts"
import * as Linearisable from "./linearisable/Linearisable.ts"
import * as Processes from "./processes/Processes.ts"
import * as Rebuild from "./rebuild/Rebuild.ts"
import * as Sigterm from "./sigterm/Sigterm.ts"
import * as Slow from "./slow/Slow.ts"
import * as Statements from "./statements/Statements.ts"
import * as Takeover from "./takeover/Takeover.ts"

export const faults: ReadonlyArray<Fault> = [
  Kill.eachPoint,
  Kill.anyMoment,
  Takeover.fault,
  Rebuild.fault,
  Deletion.fault,
  Sigterm.fault,
  Deliveries.fault,
  Handlers.fault,
  Histories.inMemory,
  Histories.onFile,
  Histories.onDisk,
  Linearisable.fault,
  Interruption.fault,
  Statements.fault,
  Doorbells.fault,
  Slow.fault,
  Acknowledgement.fault,
  Fsync.fault,
  Disk.fault,
  Processes.contest,
  Processes.opening
]
