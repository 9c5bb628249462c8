/** What every read database promises. */
import type { Case } from "./Contract.ts"
import type { Stores } from "./ContractRows.ts"
import * as GenerationCases from "./GenerationCases.ts"
import * as PagingCases from "./PagingCases.ts"
import * as QueryCases from "./QueryCases.ts"
import * as RowCases from "./RowCases.ts"
import * as SearchCases from "./SearchCases.ts"

/** One case per promise. They may share a read database, one after the other. */
export const cases: ReadonlyArray<Case<Stores>> = [
  ...RowCases.cases,
  ...GenerationCases.cases,
  ...QueryCases.cases,
  ...SearchCases.cases,
  ...PagingCases.cases
]
