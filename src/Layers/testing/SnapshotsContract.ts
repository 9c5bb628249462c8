/** What every store of snapshots promises. */
import type { Snapshots } from "../../Services/Snapshots.ts"
import type { Case } from "./Contract.ts"
import * as SnapshotCases from "./SnapshotCases.ts"

/** One case per promise. They may share a store, one after the other. */
export const cases: ReadonlyArray<Case<Snapshots>> = SnapshotCases.cases
