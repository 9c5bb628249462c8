/** Read databases that break one promise of generations each. */
import type { Projection } from "everfold"
import * as Effect from "effect/Effect"
import type { BrokenDatabase, Queries, Rows } from "./BrokenDatabase.ts"
import { positionFirst, same } from "./BrokenDatabase.ts"

/** Whatever is asked about a projection is asked about another one. */
const about = (change: (projection: Projection.Any) => Projection.Any) => ({
  rows: (rows: Rows): Rows => ({
    ...rows,
    claim: (claim) => rows.claim({ ...claim, projection: change(claim.projection) }),
    begin: (projection, log) => rows.begin(change(projection), log),
    write: (batch) => rows.write({ ...batch, projection: change(batch.projection) }),
    prune: (projection) => rows.prune(change(projection))
  }),
  queries: (queries: Queries): Queries => ({
    get: (projection, key) => queries.get(change(projection), key),
    list: (projection, query) => queries.list(change(projection), query),
    count: (projection, query) => queries.count(change(projection), query)
  })
})

const versions = about((projection) => ({ ...projection, version: 1 }))
const shapeless = about((projection) => ({ ...projection, shape: "" }))
const shaped = about((projection) => ({ ...projection, shape: `version ${projection.version}` }))

/** The builds of a projection, claimed as the cases do. */
const builds = (rows: Rows, projection: Projection.Any, log: string) =>
  Effect.orDie(rows.claim({ projection, log, epoch: 1, head: 0 }))

export const brokenGenerations: ReadonlyArray<BrokenDatabase> = [
  [
    "begins with the rows that are seen",
    "readers see the old rows until the new ones have got as far, then the new ones",
    (rows) => ({
      ...rows,
      begin: (projection, log) => Effect.map(builds(rows, projection, log), ({ current }) => current)
    }),
    same
  ],
  [
    "shows rows that are behind",
    "new rows have to catch up with the old ones wherever those have got meanwhile",
    (rows) => ({
      ...rows,
      begin: (projection, log) =>
        Effect.map(
          Effect.orDie(rows.claim({ projection, log: `${log}, again`, epoch: 1, head: 1 })),
          ({ current }) => current
        )
    }),
    same
  ],
  [
    "keeps what was unfinished",
    "whoever begins again removes what was unfinished, from whatever log",
    (rows) => ({
      ...rows,
      begin: (projection, log) =>
        Effect.flatMap(builds(rows, projection, log), ({ next }) =>
          next === undefined ? rows.begin(projection, log) : Effect.succeed(next)
        )
    }),
    same
  ],
  [
    "changes over before the rows are written",
    "a reader sees all old rows or all new ones, never a mixture and never none",
    positionFirst,
    same
  ],
  [
    "takes all versions for one",
    "versions of a projection, and projections, do not change each other",
    versions.rows,
    versions.queries
  ],
  [
    "shows rows of any shape",
    "rows of another shape are never seen, nor those of another projection",
    shapeless.rows,
    shapeless.queries
  ],
  [
    "shows no rows of another version",
    "until a version has rows to show, those of another one with the same shape are seen",
    shaped.rows,
    shaped.queries
  ],
  [
    "shows the newest rows of the shape, whatever there is of the version",
    "of other versions with the same shape the newest rows are seen, but never half of a build",
    same,
    (queries) => about((projection) => ({ ...projection, version: -1 })).queries(queries)
  ],
  [
    "prunes at once what is no longer seen",
    "former rows stay until they are pruned; what is seen and what is being built stays",
    (rows) => ({
      ...rows,
      write: (batch) => Effect.zipLeft(rows.write(batch), rows.prune(batch.projection))
    }),
    same
  ],
  [
    "prunes what is being built",
    "former rows stay until they are pruned; what is seen and what is being built stays",
    (rows) => ({
      ...rows,
      prune: (projection) => rows.prune({ ...projection, version: projection.version + 1 })
    }),
    same
  ],
  [
    "prunes lower versions for whoever runs one",
    "for whoever runs a lower version, nothing of it or of a higher one is pruned",
    (rows) => ({ ...rows, prune: (projection) => rows.prune({ ...projection, version: 9 }) }),
    same
  ],
  [
    "prunes nothing of lower versions",
    "a lower version is needed until a higher one is served; what it was building is not",
    (rows) => ({ ...rows, prune: (projection) => rows.prune({ ...projection, version: 1 }) }),
    same
  ],
  [
    "miscounts what it prunes",
    "what another log has led to is pruned as well, finished or not",
    (rows) => ({ ...rows, prune: (projection) => Effect.map(rows.prune(projection), (n) => Math.min(n, 1)) }),
    same
  ]
]
