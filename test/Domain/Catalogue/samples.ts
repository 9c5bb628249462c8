import {
  ChangePrice,
  CreateProduct,
  RecordProductView,
  UpdateStock
} from "../../../src/Domain/Catalogue/Commands.ts"
import {
  PriceChanged,
  ProductCreated,
  ProductViewed,
  StockUpdated
} from "../../../src/Domain/Catalogue/Events.ts"
import { ProductId, SupplierId } from "../../../src/Domain/Catalogue/Values.ts"

export const productId = ProductId.make("widget-1")

export const eur = (amount: number) => ({ amount, currency: "EUR" })

const product = {
  productId,
  name: "Widget Pro",
  price: eur(2999),
  costPrice: eur(1200),
  supplierId: SupplierId.make("supplier-1"),
  supplierName: "Acme Corp",
  stock: 100
}

export const create = (change: Partial<typeof CreateProduct.Type> = {}) =>
  CreateProduct.make({ ...product, ...change })
export const created = (change: Partial<typeof ProductCreated.Type> = {}) =>
  ProductCreated.make({ ...product, ...change })

export const updateStock = (stock: number, id = productId) => UpdateStock.make({ productId: id, stock })
export const stockUpdated = (stock: number, id = productId) => StockUpdated.make({ productId: id, stock })

export const changePrice = (amount: number, change: Partial<typeof ChangePrice.Type> = {}) =>
  ChangePrice.make({ productId, price: eur(amount), ...change })
export const priceChanged = (amount: number, id = productId) =>
  PriceChanged.make({ productId: id, price: eur(amount) })

export const view = (id = productId) => RecordProductView.make({ productId: id })
export const viewed = (id = productId) => ProductViewed.make({ productId: id })
