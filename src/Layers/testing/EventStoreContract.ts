/** What every log promises. */
import type { EventStore } from "../../Services/EventStore.ts"
import * as AppendCases from "./AppendCases.ts"
import type { Case } from "./Contract.ts"
import * as LogReadCases from "./LogReadCases.ts"
import * as RaceCases from "./RaceCases.ts"
import * as RefusalCases from "./RefusalCases.ts"
import * as StreamReadCases from "./StreamReadCases.ts"

/** One case per promise. They may share a store, one after the other. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  ...AppendCases.cases,
  ...RefusalCases.cases,
  ...StreamReadCases.cases,
  ...LogReadCases.cases,
  ...RaceCases.cases
]
