"""The power goes out in the middle of an import: the next start has nothing of it, or finishes it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.roles import Actor, Role
from app.models.schema import metadata
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)
ORDERS = 800
TRIES = {"sqlite": 20, "postgresql": 8}

AN_IMPORT = """
import sys
from pathlib import Path
from tests.journeys.test_kill import opened
desk = opened(sys.argv[1])
print("started", flush=True)
preview = desk.importer.preview(Path(sys.argv[2]))
print("read", flush=True)
desk.importer.confirm(preview)
print("done", flush=True)
"""

HEADER = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    "Lineitem requires shipping,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Id"
)


def opened(url: str) -> Desk:
    desk = Desk(open_ready_store(url, now=NOW), KIM, now=lambda: NOW)
    desk.importer = FileImporter(desk)
    return desk


def export(path: Path) -> Path:
    """Write an export with every kind of line: in stock, running out, unknown."""
    draw = random.Random(7)
    rows = [HEADER]
    for n in range(ORDERS):
        sku = draw.choice(["MUG", "MUG", "TEA", "SCARCE", "UNKNOWN-1"])
        units = draw.randint(1, 3)
        total = f"{units * 10}.00"
        rows.append(
            f"#{n},b@example.invalid,paid,unfulfilled,USD,{total},0.00,0.00,{total},"
            f"2025-11-20 10:00:00 -0500,{units},Thing,10.00,{sku},true,A Buyer,1 Way,Boston,"
            f"'02138,MA,US,{90000 + n}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def goods(desk: Desk, folder: Path) -> None:
    file = folder / "catalogue.csv"
    file.write_text("sku,title,on_hand\nMUG,Mug,5000\nTEA,Tea,400\nSCARCE,Scarce,60\n")
    assert desk.importer is not None
    desk.importer.confirm(desk.importer.preview(file))


def contents(desk: Desk) -> dict[str, list[str]]:
    """What a person cares about, row by row: everything but the raw inbox and the audit trail."""
    left_out = {"settings", "audit_entries", "import_files", "inbox_messages"}
    with desk.store.read() as db:
        return {
            table.name: sorted(
                str([in_order(value) for value in row]) for row in db.execute(select(table))
            )
            for table in metadata.sorted_tables
            if table.name not in left_out
        }


def in_order(value: Any) -> Any:
    """PostgreSQL keeps the keys of JSON in an order of its own."""
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


@pytest.mark.timeout(300)
def test_an_import_that_is_killed_at_any_moment_ends_as_if_it_had_not_been(
    database_url: str, tmp_path: Path
) -> None:
    file = export(tmp_path / "orders.csv")
    calm = opened(f"sqlite:///{tmp_path / 'calm.sqlite'}")
    goods(calm, tmp_path)
    assert calm.importer is not None
    began = time.monotonic()
    report = calm.importer.confirm(calm.importer.preview(file))
    lasts = time.monotonic() - began
    assert report.orders_new == ORDERS
    expected = contents(calm)
    calm.store.close()
    ends = {"nothing": 0, "finished": 0, "done": 0}
    tries = TRIES["sqlite" if database_url.startswith("sqlite") else "postgresql"]
    for n in range(tries):
        url = fresh(database_url, tmp_path, n)
        desk = opened(url)
        goods(desk, tmp_path)
        desk.store.close()
        kill_somewhere(url, file, lasts * 1.2 * n / tries)
        ends[next_start(url, file, report, expected)] += 1
    assert sum(ends.values()) == tries
    assert ends["finished"] >= 1, ends


def fresh(url: str, folder: Path, n: int) -> str:
    """Return an empty store on the same engine."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / f'killed-{n}.sqlite'}"
    desk = opened(url)
    with desk.store.write() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    desk.store.close()
    return url


def kill_somewhere(url: str, file: Path, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", AN_IMPORT, url, str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(after)
    process.kill()
    process.communicate()


def next_start(url: str, file: Path, report: Any, expected: dict[str, list[str]]) -> str:
    """Open the store again, let it finish by itself, and return how the import ended."""
    desk = opened(url)
    assert all(check.ok for check in verify_store(desk.store)), verify_store(desk.store)
    assert desk.importer is not None
    finished = desk.importer.resume()
    with desk.store.read() as db:
        stored = db.execute(text("SELECT COUNT(*) FROM orders")).scalar_one()
    assert stored in (0, ORDERS)
    if stored:
        assert contents(desk) == expected
    for each in finished:
        assert (each.orders_new, each.lines_new) == (report.orders_new, report.lines_new)
        assert (each.holds, each.message) == (report.holds, report.message)
    again = desk.importer.confirm(desk.importer.preview(file))
    assert again.orders_new == (0 if stored else ORDERS)
    assert contents(desk) == expected
    assert all(check.ok for check in verify_store(desk.store))
    desk.store.close()
    return "nothing" if not stored else "finished" if finished else "done"
