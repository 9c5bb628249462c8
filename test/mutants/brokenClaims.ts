/** Read databases that break one promise of claims or fences each. */
import * as Effect from "effect/Effect"
import type { BrokenDatabase } from "./BrokenDatabase.ts"
import { same } from "./BrokenDatabase.ts"

const forever = Number.MAX_SAFE_INTEGER

export const brokenClaims: ReadonlyArray<BrokenDatabase> = [
  [
    "shows the first rows at once",
    "the first rows are seen when they have got as far as the log was, and not before",
    (rows) => ({ ...rows, claim: (claim) => rows.claim({ ...claim, head: 0 }) }),
    same
  ],
  [
    "has no rows rather than none yet",
    "the first rows are seen when they have got as far as the log was, and not before",
    same,
    (queries) => ({
      ...queries,
      get: (projection, key) =>
        Effect.catchTag(queries.get(projection, key), "Rebuilding", ({ position }) =>
          Effect.succeed({ row: undefined, asOf: { position, time: 0 } })
        )
    })
  ],
  [
    "does not say how far a build has got",
    "the first rows are seen when they have got as far as the log was, and not before",
    same,
    (queries) => ({
      ...queries,
      list: (projection, query) =>
        Effect.catchTag(queries.list(projection, query), "Rebuilding", (error) =>
          Effect.fail(Object.assign(error, { position: 0 }))
        )
    })
  ],
  [
    "begins anew what has broken off",
    "a build that has broken off is gone on with, and its goal stays",
    (rows) => ({
      ...rows,
      claim: (claim) =>
        Effect.flatMap(rows.claim(claim), (found) =>
          found.current.serving || found.current.position === 0
            ? Effect.succeed(found)
            : Effect.map(rows.begin(claim.projection, claim.log), (current) => ({ ...found, current }))
        )
    }),
    same
  ],
  [
    "forgets what is built beside the rows that are seen",
    "a build beside the one that is served is gone on with as well",
    (rows) => ({
      ...rows,
      claim: (claim) => Effect.map(rows.claim(claim), (found) => ({ ...found, next: undefined }))
    }),
    same
  ],
  [
    "takes all logs for one",
    "what another log has led to is seen until the rows of this one have reached their goal",
    (rows) => ({
      ...rows,
      claim: (claim) => rows.claim({ ...claim, log: "" }),
      begin: (projection) => rows.begin(projection, "")
    }),
    same
  ],
  [
    "takes any claim",
    "a claim of an earlier epoch is CheckpointMoved, and one of the same epoch is not",
    (rows) => ({
      ...rows,
      claim: (claim) => Effect.orElse(rows.claim(claim), () => rows.claim({ ...claim, epoch: forever }))
    }),
    same
  ],
  [
    "lets former owners write",
    "a former owner changes nothing, neither what is seen nor what is being built",
    (rows) => ({ ...rows, write: (batch) => rows.write({ ...batch, epoch: forever }) }),
    same
  ],
  [
    "fences what is seen, but not what is begun",
    "what is begun is fenced as what is seen",
    (rows) => {
      const begun = new Set<number>()
      return {
        ...rows,
        begin: (projection, log) =>
          Effect.tap(rows.begin(projection, log), ({ generation }) => begun.add(generation)),
        write: (batch) => rows.write({ ...batch, epoch: begun.has(batch.generation) ? forever : batch.epoch })
      }
    },
    same
  ],
  [
    "keeps others out by writing",
    "a write of a later epoch is taken, but only a claim keeps others out",
    (rows) => {
      const highest = new Map<number, number>()
      return {
        ...rows,
        write: (batch) => {
          const epoch = highest.get(batch.generation) ?? 0
          highest.set(batch.generation, Math.max(epoch, batch.epoch))
          return rows.write(epoch > batch.epoch ? { ...batch, epoch: -1 } : batch)
        }
      }
    },
    same
  ]
]
