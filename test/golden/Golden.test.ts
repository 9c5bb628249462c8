/** `UPDATE_GOLDEN=1 npx vitest run test/golden` records what is new; see CONTRIBUTING.md. */
import type { Aggregate } from "everfold"
import { Snapshot } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { created, viewed } from "../Domain/Catalogue/samples.ts"
import { Golden, type Histories, problems, renew } from "./Golden.ts"
import { product, reorder } from "./histories.ts"

const fileOf = ({ name }: Aggregate.Any) => path.join(import.meta.dirname, `${name}.json`)

const read = (aggregate: Aggregate.Any): Golden | undefined =>
  fs.existsSync(fileOf(aggregate))
    ? Schema.decodeSync(Schema.parseJson(Golden))(fs.readFileSync(fileOf(aggregate), "utf8"))
    : undefined

const golden = <A extends Aggregate.Any>(aggregate: A, histories: Histories<A>) =>
  it(`${aggregate.name} folds what is recorded into the states that are recorded`, () => {
    if (process.env["UPDATE_GOLDEN"] === "1") {
      const renewed = Either.getOrThrowWith(renew(aggregate, read(aggregate), histories), (why) => new Error(why))
      fs.writeFileSync(fileOf(aggregate), `${JSON.stringify(renewed, undefined, 2)}\n`)
    }
    const recorded = read(aggregate)
    if (recorded === undefined) throw new Error(`${fileOf(aggregate)} is missing: run with UPDATE_GOLDEN=1`)
    expect(problems(aggregate, recorded, histories)).toEqual([])
  })

golden(Product, product)
golden(Reorder, reorder)
