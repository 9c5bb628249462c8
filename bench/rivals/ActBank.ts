/** The accounts as Act's documents write a domain, on one of its stores. */
import { act, projection, state, store } from "@rotorsoft/act"
import { SqliteStore } from "@rotorsoft/act-sqlite"
import { join } from "node:path"
import { z } from "zod"
import type { Place } from "../Row.ts"
import { memory } from "../Setting.ts"
import type { Payment } from "./Rows.ts"

/** Opens the store that the setting asks for, and hands batches of deposits to whoever writes rows. */
export const bank = async (
  { directory, setting }: Place,
  write: (payments: ReadonlyArray<Payment>) => void
) => {
  if (setting !== memory) store(await onFile(join(directory, "log.db"), setting))
  const balances = projection("balances")
    .on({ Deposited: money })
    .do(onlyInBatches)
    .batch((events) => Promise.resolve(write(events.map(({ data }) => data))))
    .build()
  const app = act().withState(account).withProjection(balances).build()
  /** Resolves when everything is projected. */
  const settle = () =>
    new Promise<void>((resolve) => {
      const settled = () => {
        app.off("settled", settled)
        resolve()
      }
      app.on("settled", settled)
      app.settle({ debounceMs: 0, eventLimit: page, correlate: { after: -1, limit: page } })
    })
  return { app, settle, store: store() }
}

// internal

/** How many events are projected together. */
const page = 1000

const money = z.object({ accountId: z.string(), amount: z.number().int().positive(), note: z.string() })

const account = state({ Account: z.object({ balance: z.number().int() }) })
  .init(() => ({ balance: 0 }))
  .emits({ Deposited: money })
  .patch({ Deposited: ({ data }, { balance }) => ({ balance: balance + data.amount }) })
  .on({ Deposit: money })
  .emit((command) => ["Deposited", command])
  .build()

/** A handler must have a name, and is not called where there is one for batches. */
const onlyInBatches = () => Promise.resolve()

const onFile = async (file: string, durability: string): Promise<SqliteStore> => {
  const sqlite = new SqliteStore({ url: `file:${file}` })
  await sqlite.seed()
  // Of one connection, which is the one that is used while nobody asks for a second at the same time.
  await sqlite.client.execute(`pragma synchronous = ${durability}`)
  const { rows } = await sqlite.client.execute("pragma synchronous")
  if (rows[0]?.[0] !== levels[durability]) throw new Error(`synchronous is not ${durability}`)
  return sqlite
}

const levels: Readonly<Record<string, number>> = { NORMAL: 1, FULL: 2 }
