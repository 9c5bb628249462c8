#!/usr/bin/env python3
"""The design that everfold grew from, stage 4, in one file with the standard library.

python3 bench/seeds.py DIR [--events N] writes DIR/event_store.db with a small fixed history, or a longer one, builds
DIR/read.db of it, and prints the list of products as lines of JSON.

python3 bench/seeds.py DIR --first does one command in DIR, projects it, and says so.

python3 bench/seeds.py DIR --serve PRODUCTS EVENTS writes so many events of each product; then it builds DIR/read.db
again for each line that it reads, and answers with the seconds, and with what all products have in stock.
"""
import argparse
import dataclasses
import json
import sqlite3
import sys
import time
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

def connect(path, durable):
    conn = sqlite3.connect(path)
    if not durable:
        conn.execute("PRAGMA synchronous = OFF")  # An example may be lost in a power cut.
    return conn


class EventStore:
    def __init__(self, path, durable=False):
        self.conn = connect(path, durable)
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
    """Each event opens the read DB, changes both tables, commits, and closes it."""

    def __init__(self, path, durable=False):
        self.path, self.durable = path, durable
        self._write(("CREATE TABLE IF NOT EXISTS product_detail_view "
                     "(id INTEGER PRIMARY KEY, name TEXT, description TEXT, price REAL, stock INTEGER, "
                     "view_count INTEGER, supplier_name TEXT, created_at TEXT, updated_at TEXT)", ()),
                    ("CREATE TABLE IF NOT EXISTS product_list_view "
                     "(id INTEGER PRIMARY KEY, name TEXT, price REAL, stock INTEGER, supplier_name TEXT)", ()))

    def _write(self, *statements):
        conn = connect(self.path, self.durable)
        for sql, params in statements:
            conn.execute(sql, params)
        conn.commit()
        conn.close()

    def project(self, event):
        match event:
            case ProductCreated() as e:
                self._write(("INSERT OR REPLACE INTO product_detail_view VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             (e.product_id, e.name, e.description, e.price, e.stock,
                              0, e.supplier_name, e.occurred_at, e.occurred_at)),
                            ("INSERT OR REPLACE INTO product_list_view VALUES (?, ?, ?, ?, ?)",
                             (e.product_id, e.name, e.price, e.stock, e.supplier_name)))
            case StockUpdated() as e:
                self._write(("UPDATE product_detail_view SET stock = ?, updated_at = ? WHERE id = ?",
                             (e.new_stock, e.occurred_at, e.product_id)),
                            ("UPDATE product_list_view SET stock = ? WHERE id = ?", (e.new_stock, e.product_id)))
            case PriceChanged() as e:
                self._write(("UPDATE product_detail_view SET price = ?, updated_at = ? WHERE id = ?",
                             (e.new_price, e.occurred_at, e.product_id)),
                            ("UPDATE product_list_view SET price = ? WHERE id = ?", (e.new_price, e.product_id)))
            case ProductViewed() as e:
                self._write(("UPDATE product_detail_view SET view_count = view_count + 1 WHERE id = ?",
                             (e.product_id,)))

    def rebuild_all(self, store):
        """Wipe the read DB and replay every event from scratch."""
        self._write(("DELETE FROM product_detail_view", ()), ("DELETE FROM product_list_view", ()))
        for event in store.load_all():
            self.project(event)

    def list_products(self):
        conn = connect(self.path, self.durable)
        products = conn.execute("SELECT * FROM product_list_view ORDER BY id").fetchall()
        conn.close()
        return products


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


WIDGET = dict(name="Widget Pro", price=29.99, cost_price=12.00, supplier_id=1, supplier_name="Acme Corp", stock=0)


def first_command(store, projector):
    product_id = CommandHandler(store).create_product(**WIDGET)
    projector.project(store.load(product_id)[-1])
    print("done", flush=True)


def serve(store, projector, products, events):
    shop = CommandHandler(store)
    created = [shop.create_product(**WIDGET) for _ in range(products)]
    for n in range(1, events):
        for product_id in created:
            store.append(StockUpdated(product_id, n, shop._now()))
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        projector.rebuild_all(store)
        seconds = time.perf_counter() - begin
        print(json.dumps({"seconds": seconds, "stock": sum(stock for *_, stock, _ in projector.list_products())}),
              flush=True)


def example(store, projector, events):
    shop = CommandHandler(store)
    small_history(shop)
    for n in range(events - 20):
        shop.record_view(n % 3 + 1)
    projector.rebuild_all(store)
    for row in projector.list_products():
        print(json.dumps(row))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--events", type=int, default=20, help="how many at least; views make up the number")
    parser.add_argument("--first", action="store_true", help="one command, projected, to the disk")
    parser.add_argument("--serve", type=int, nargs=2, metavar=("PRODUCTS", "EVENTS"), help="rebuild for each line")
    args = parser.parse_args()
    args.directory.mkdir(parents=True, exist_ok=True)
    if (args.directory / "event_store.db").exists():
        parser.error("there is an event_store.db already")
    measured = args.first or args.serve is not None
    # What is served was written before it is measured.
    store = EventStore(args.directory / "event_store.db", durable=args.first)
    projector = Projector(args.directory / "read.db", durable=measured)
    if args.first:
        first_command(store, projector)
    elif args.serve is not None:
        serve(store, projector, *args.serve)
    else:
        example(store, projector, args.events)


if __name__ == "__main__":
    main()
