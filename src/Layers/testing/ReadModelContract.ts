/** What every read database promises. */
import * as ClaimCases from "./ClaimCases.ts"
import type { Case } from "./Contract.ts"
import type { Stores } from "./ContractRows.ts"
import * as FenceCases from "./FenceCases.ts"
import * as GenerationCases from "./GenerationCases.ts"
import * as PagingCases from "./PagingCases.ts"
import * as PruneCases from "./PruneCases.ts"
import * as QueryCases from "./QueryCases.ts"
import * as RowCases from "./RowCases.ts"
import * as SearchCases from "./SearchCases.ts"
import * as VersionCases from "./VersionCases.ts"

/** One case per promise. They may share a read database, one after the other. */
export const cases: ReadonlyArray<Case<Stores>> = [
  ...RowCases.cases,
  ...ClaimCases.cases,
  ...FenceCases.cases,
  ...GenerationCases.cases,
  ...VersionCases.cases,
  ...PruneCases.cases,
  ...QueryCases.cases,
  ...SearchCases.cases,
  ...PagingCases.cases
]
