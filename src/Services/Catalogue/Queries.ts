/** What can be asked about the catalogue: its rows, and the history behind them. */
import { EventStore, History, Message, ReadModel } from "everfold"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { PriceChanged } from "../../Domain/Catalogue/Events.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { ProductCard } from "../../Domain/Catalogue/ProductCard.ts"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import { ProductListing } from "../../Domain/Catalogue/ProductListing.ts"
import type { ProductId } from "../../Domain/Catalogue/Values.ts"
import { Money, showMoney } from "../../Domain/Catalogue/Values.ts"

/** The page of one product. */
export const getProductDetail = (id: ProductId, freshness: ReadModel.Freshness = {}) =>
  ReadModel.get(ProductDetail, id, freshness)

/** The tile of one product. */
export const getProductCard = (id: ProductId, freshness: ReadModel.Freshness = {}) =>
  ReadModel.get(ProductCard, id, freshness)

/** In which order, and which page of it. */
export interface Listing extends ReadModel.Freshness {
  /** Default: by name. */
  readonly sort?: (typeof ProductListing)["indexes"][number]
  readonly descending?: boolean
  readonly limit?: number
  /** Continues the page whose `next` this is. */
  readonly after?: ReadModel.Cursor
}

/** A page of the catalogue. */
export const listProducts = ({ sort = "name", ...rest }: Listing = {}) =>
  ReadModel.list(ProductListing, { ...rest, orderBy: sort })

/** The products whose name or supplier's name has this text in it, in any alphabet and any case. */
export const searchProducts = (text: string, { sort = "name", ...rest }: Listing = {}) =>
  ReadModel.list(ProductListing, { ...rest, orderBy: sort, search: text })

/** How often prices have changed since a time, in milliseconds since 1970. The log knows; no row has to. */
export const priceChanges = Effect.fn("Catalogue.priceChanges")(function* (since: number) {
  const log = yield* EventStore.EventStore
  const query = { categories: [Product.name], types: [Message.tagOf(PriceChanged)], since }
  let changes = 0
  let after = 0
  while (true) {
    const page = yield* log.readAll({ ...query, after })
    if (page.to === after) return changes
    changes += page.events.length
    after = page.to
  }
})

/** One field of a product, changed by somebody. */
export interface AuditLine {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Who did it; absent when nobody said. */
  readonly actor: string | undefined
  readonly event: string
  readonly field: string
  /** `undefined` where there was nothing before. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** Who has changed what of a product, when, and from which value: oldest first. */
export const auditTrail = (id: ProductId) =>
  Effect.map(History.changes(Product, id), (changes) =>
    changes.flatMap(({ differences, recorded }) =>
      differences
        .filter(({ field }) => field !== "_tag")
        .map(({ field, from, to }): AuditLine => ({
          time: recorded.recordedAt,
          actor: recorded.metadata.actor,
          event: recorded.event._tag,
          field,
          from: show(from),
          to: show(to)
        }))
    )
  )

// internal

const isMoney = Schema.is(Money)

const show = (value: unknown): string | undefined =>
  value === undefined ? undefined : isMoney(value) ? showMoney(value) : String(value)
