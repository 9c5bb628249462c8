/** What `bench/seeds.py` writes, for machines on which there is no Python: byte by byte the same rows. */

/** A row of its table of events, without its id. */
export type Row = readonly [productId: number, type: string, data: string, occurredAt: string]

export const table = `create table events (
  id           integer primary key autoincrement,
  product_id   integer not null,
  event_type   text not null,
  data         text not null,
  occurred_at  text not null
)`

/** The rows in the order of their ids, which begin at 1. */
export const rows = (): ReadonlyArray<Row> =>
  history.map(([id, type, before = "", after = ""], index) => {
    const time = `2024-03-01T09:${String(index + 1).padStart(2, "0")}:00+00:00`
    const fields = [`"product_id": ${id}`, before, `"occurred_at": "${time}"`, after]
    return [id, type, `{${fields.filter((field) => field !== "").join(", ")}}`, time]
  })

// internal

/** Product, type, and the fields before and after the time. */
const history: ReadonlyArray<readonly [number, string, string?, string?]> = [
  [
    1,
    "ProductCreated",
    `"name": "Widget Pro", "price": 29.99, "cost_price": 12.0, "supplier_id": 1, "stock": 100`,
    `"description": null, "supplier_name": "Acme Corp"`
  ],
  [
    2,
    "ProductCreated",
    `"name": "Gadget Plus", "price": 49.99, "cost_price": 22.5, "supplier_id": 1, "stock": 15`,
    `"description": "Goes with the widget", "supplier_name": "Acme Corp"`
  ],
  [1, "ProductViewed"],
  [2, "ProductViewed"],
  [1, "StockUpdated", `"new_stock": 60`],
  [2, "PriceChanged", `"new_price": 44.99`],
  [2, "StockUpdated", `"new_stock": 8`],
  [
    3,
    "ProductCreated",
    `"name": "Gizmo Mini", "price": 19.999, "cost_price": 7.5, "supplier_id": 2, "stock": 40`,
    `"description": null, "supplier_name": null`
  ],
  [3, "ProductViewed"],
  [1, "PriceChanged", `"new_price": 32.989000000000004`],
  [2, "StockUpdated", `"new_stock": 3`],
  [2, "ProductViewed"],
  [2, "StockUpdated", `"new_stock": 50`],
  [3, "StockUpdated", `"new_stock": 25`],
  [3, "PriceChanged", `"new_price": 17.999`],
  [3, "ProductViewed"],
  [1, "ProductViewed"],
  [1, "StockUpdated", `"new_stock": 35`],
  [2, "PriceChanged", `"new_price": 40.491`],
  [3, "StockUpdated", `"new_stock": 24`]
]
