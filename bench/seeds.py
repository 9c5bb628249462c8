#!/usr/bin/env python3
"""The design that everfold grew from, stage 4, in one file with the standard library.

python3 bench/seeds.py DIR [--events N] writes DIR/event_store.db with a small fixed history, or a longer one, builds
DIR/read.db of it, and prints the list of products as lines of JSON.
"""
import argparse
import dataclasses
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Optional


# events.py

@dataclass(frozen=True)
class ProductCreated:
    product_id: int
    name: str
    price: float
    cost_price: float
    supplier_id: int
    stock: int
    occurred_at: str
    description: Optional[str] = None
    supplier_name: Optional[str] = None


@dataclass(frozen=True)
class StockUpdated:
    product_id: int
    new_stock: int
    occurred_at: str


@dataclass(frozen=True)
class PriceChanged:
    product_id: int
    new_price: float
    occurred_at: str


@dataclass(frozen=True)
class ProductViewed:
    product_id: int
    occurred_at: str


EVENT_TYPES = {cls.__name__: cls for cls in (ProductCreated, StockUpdated, PriceChanged, ProductViewed)}


# event_store.py

class EventStore:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)
        self.conn.execute("PRAGMA synchronous = OFF")  # An example may be lost in a power cut.
        self.conn.execute("""CREATE TABLE IF NOT EXISTS events (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            product_id   INTEGER NOT NULL,
            event_type   TEXT NOT NULL,
            data         TEXT NOT NULL,
            occurred_at  TEXT NOT NULL
        )""")
        self.conn.execute("CREATE TABLE IF NOT EXISTS product_registry (id INTEGER PRIMARY KEY AUTOINCREMENT)")

    def new_product_id(self):
        product_id = self.conn.execute("INSERT INTO product_registry DEFAULT VALUES").lastrowid
        self.conn.commit()
        return product_id

    def append(self, event):
        self.conn.execute(
            "INSERT INTO events (product_id, event_type, data, occurred_at) VALUES (?, ?, ?, ?)",
            (event.product_id, type(event).__name__, json.dumps(dataclasses.asdict(event)), event.occurred_at))
        self.conn.commit()

    def load(self, product_id):
        return self._events("WHERE product_id = ?", (product_id,))

    def load_all(self):
        return self._events()

    def _events(self, where="", params=()):
        rows = self.conn.execute(f"SELECT event_type, data FROM events {where} ORDER BY id", params)
        return [EVENT_TYPES[event_type](**json.loads(data)) for event_type, data in rows]


# aggregate.py

class Product:
    def __init__(self):
        self.id, self.price, self.stock, self.view_count, self._version = None, 0.0, 0, 0, 0

    @classmethod
    def load(cls, events):
        product = cls()
        for event in events:
            product._apply(event)
        return product

    def _apply(self, event):
        match event:
            case ProductCreated(): self.id, self.price, self.stock = event.product_id, event.price, event.stock
            case StockUpdated(): self.stock = event.new_stock
            case PriceChanged(): self.price = event.new_price
            case ProductViewed(): self.view_count += 1
        self._version += 1


# command_handler.py

class CommandHandler:
    def __init__(self, store):
        self.store = store
        self.time = datetime(2024, 3, 1, 9, tzinfo=timezone.utc)

    def _now(self):
        self.time += timedelta(minutes=1)  # The same history each time.
        return self.time.isoformat()

    def create_product(self, **fields):
        product_id = self.store.new_product_id()
        self.store.append(ProductCreated(product_id=product_id, occurred_at=self._now(), **fields))
        return product_id

    def update_stock(self, product_id, new_stock):
        self._load(product_id)
        if new_stock < 0:
            raise ValueError("Stock cannot be negative")
        self.store.append(StockUpdated(product_id, new_stock, self._now()))

    def change_price(self, product_id, new_price):
        self._load(product_id)
        if new_price <= 0:
            raise ValueError("Price must be positive")
        self.store.append(PriceChanged(product_id, new_price, self._now()))

    def record_view(self, product_id):
        self.store.append(ProductViewed(product_id, self._now()))

    def _load(self, product_id):
        events = self.store.load(product_id)
        if not events:
            raise ValueError(f"Product {product_id} not found")
        return Product.load(events)


# read_db.py and projector.py

class Projector:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)
        self.conn.execute("CREATE TABLE IF NOT EXISTS product_list_view "
                          "(id INTEGER PRIMARY KEY, name TEXT, price REAL, stock INTEGER, supplier_name TEXT)")

    def project(self, event):
        match event:
            case ProductCreated():
                self.conn.execute("INSERT OR REPLACE INTO product_list_view VALUES (?, ?, ?, ?, ?)",
                                  (event.product_id, event.name, event.price, event.stock, event.supplier_name))
            case StockUpdated():
                self.conn.execute("UPDATE product_list_view SET stock = ? WHERE id = ?",
                                  (event.new_stock, event.product_id))
            case PriceChanged():
                self.conn.execute("UPDATE product_list_view SET price = ? WHERE id = ?",
                                  (event.new_price, event.product_id))

    def rebuild_all(self, store):
        """Wipe the read DB and replay every event from scratch."""
        self.conn.execute("DELETE FROM product_list_view")
        for event in store.load_all():
            self.project(event)
        self.conn.commit()

    def list_products(self):
        return self.conn.execute("SELECT * FROM product_list_view ORDER BY id").fetchall()


# main.py

def small_history(shop):
    widget = shop.create_product(name="Widget Pro", price=29.99, cost_price=12.00, supplier_id=1,
                                 supplier_name="Acme Corp", stock=100)
    gadget = shop.create_product(name="Gadget Plus", price=49.99, cost_price=22.50, supplier_id=1,
                                 supplier_name="Acme Corp", stock=15, description="Goes with the widget")
    shop.record_view(widget)
    shop.record_view(gadget)
    shop.update_stock(widget, 60)
    shop.change_price(gadget, 44.99)
    shop.update_stock(gadget, 8)
    gizmo = shop.create_product(name="Gizmo Mini", price=19.999, cost_price=7.5, supplier_id=2, stock=40)
    shop.record_view(gizmo)
    shop.change_price(widget, 29.99 * 1.1)
    shop.update_stock(gadget, 3)
    shop.record_view(gadget)
    shop.update_stock(gadget, 50)
    shop.update_stock(gizmo, 25)
    shop.change_price(gizmo, 17.999)
    shop.record_view(gizmo)
    shop.record_view(widget)
    shop.update_stock(widget, 35)
    shop.change_price(gadget, 44.99 * 0.9)
    shop.update_stock(gizmo, 24)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--events", type=int, default=20, help="how many at least; views make up the number")
    args = parser.parse_args()
    args.directory.mkdir(parents=True, exist_ok=True)
    if (args.directory / "event_store.db").exists():
        parser.error("there is an event_store.db already")
    store = EventStore(args.directory / "event_store.db")
    shop = CommandHandler(store)
    small_history(shop)
    for n in range(args.events - 20):
        shop.record_view(n % 3 + 1)
    projector = Projector(args.directory / "read.db")
    projector.rebuild_all(store)
    for row in projector.list_products():
        print(json.dumps(row))


if __name__ == "__main__":
    main()
