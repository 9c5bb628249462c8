/** everfold/testing: a stack that runs the same way every time, and what every store must promise. Needs `effect` only. */
export * as LockReview from "./Domain/lock/LockReview.ts"
export * as SchemaLock from "./Domain/lock/SchemaLock.ts"
export * as Shape from "./Domain/lock/Shape.ts"

export * as Contract from "./Layers/testing/Contract.ts"
export * as EventStoreContract from "./Layers/testing/EventStoreContract.ts"
export * as Law from "./Layers/testing/Law.ts"
export * as LeasesContract from "./Layers/testing/LeasesContract.ts"
export * as MessageLaws from "./Layers/testing/MessageLaws.ts"
export * as NotesContract from "./Layers/testing/NotesContract.ts"
export * as ReadModelContract from "./Layers/testing/ReadModelContract.ts"
export * as SnapshotsContract from "./Layers/testing/SnapshotsContract.ts"
export * as TestStack from "./Layers/testing/TestStack.ts"
