/** Removes generations from a read database in SQLite, with their rows, a piece at a time: writers are not held up. */
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import * as EventLoop from "../EventLoop.ts"
import type { Database } from "./SqliteDatabase.ts"
import type { Session } from "./SqliteSession.ts"

/** Finds the generations that no reader of this version or a later one needs, and takes them from everybody. */
export const retire = (session: Session, { name, version }: Projection.Any): ReadonlyArray<number> =>
  session
    .values(
      `update generations set state = 'former'
        where projection = ? and (state = 'former' or version < ? and (state = 'building' or exists (
          select 1 from generations higher where higher.projection = generations.projection
            and higher.version > generations.version and higher.state = 'serving')))
        returning generation`,
      [name, version]
    )
    .map(([generation]) => Number(generation))

/** Removes generations that are no longer written to or read; returns how many were still there. */
export const remove = (transact: Database["transact"], generations: ReadonlyArray<number>) =>
  Effect.reduce(generations, 0, (removed, generation) =>
    Effect.map(removeWhole(transact, generation), (one) => removed + one)
  )

// internal

/** With two indexes about 20 ms. */
const rowsAtOnce = 1_000

const removeWhole = (transact: Database["transact"], generation: number) =>
  Effect.gen(function* () {
    while (true) {
      const removed = yield* transact((session) => removePiece(session, generation))
      if (removed !== undefined) return removed
      // Time for others to take the write lock.
      yield* EventLoop.pause(10)
    }
  })

/** How many generations are gone with this piece; `undefined` while there are rows left. */
const removePiece = ({ values }: Session, generation: number): number | undefined => {
  values(
    `delete from rows where generation = ?
      and key in (select key from rows where generation = ? limit ${rowsAtOnce})`,
    [generation, generation]
  )
  const left = values("select 1 from rows where generation = ? limit 1", [generation])
  if (left.length > 0) return undefined
  return values("delete from generations where generation = ? returning 1", [generation]).length
}
