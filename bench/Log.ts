/** Deposits as commits, written to the log's port without a command. */
import * as Effect from "effect/Effect"
import { deposit, streamOf } from "./Account.ts"
import type { Deposits } from "./Deposits.ts"
import { EventStore, Expected, Ids } from "./everfold.ts"

/** Writes one commit. */
export const append = ({ accountId, count, version }: Deposits) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const id = yield* Ids.next
    const one = { type: "Deposited", revision: 1, payload: JSON.stringify(deposit(accountId)) }
    const events = Array.from({ length: count }, () => one)
    return yield* store.append({
      id,
      metadata: { correlationId: id, actor: "bench", commandId: id },
      parts: [{ stream: streamOf(accountId), expected: Expected.exactly(version), events }]
    })
  })

/** Writes commits of different streams, or of one stream in their order, as fast as the log takes them. */
export const fill = (history: ReadonlyArray<Deposits>) =>
  Effect.forEach(history, append, { concurrency: 500, discard: true })
