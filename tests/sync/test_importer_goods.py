"""Catalogue, stock, kit and listing files change what they say, and guess nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.importing import ImportReport, Verdict
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
CATALOGUE = "sku,title,on_hand\nMUG,Mug,5\nTEA,Tea,8\nBOX,Gift box,0\n"
ORDER = (
    "order_id,created_at,email,name,address1,address2,city,state,zip,country,sku,title,quantity,"
    "unit_price,currency,note\n"
    "O-1,2025-11-20,,A Buyer,1 Way,,Boston,MA,02138,US,CUP,Cup,2,9.50,USD,\n"
)


class Files:
    """A desk, and what importing a text would do to it."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self._importer, self._folder = desk, FileImporter(desk), folder

    def take(self, content: str, name: str = "file.csv") -> ImportReport:
        path = self._folder / name
        path.write_text(content, encoding="utf-8")
        preview = self._importer.preview(path)
        report = self._importer.confirm(preview)
        assert preview.report.message == report.message
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.desk.store.read() as db:
            return [tuple(row) for row in db.execute(text(query))]


@pytest.fixture
def files(database_url: str, tmp_path: Path) -> Iterator[Files]:
    store = open_ready_store(database_url, now=NOW)
    desk = Desk(store, Actor("Kim", Role.OWNER), now=lambda: NOW)
    files = Files(desk, tmp_path)
    files.take(CATALOGUE)
    yield files
    assert [check for check in verify_store(store) if not check.ok] == []
    store.close()


def test_a_catalogue_says_what_is_new_and_what_it_changes(files: Files) -> None:
    report = files.take("sku,title,on_hand\nMUG,Big mug,5\nTEA,Tea,9\nCUP,Cup,1\nBOX,Gift box,0\n")
    assert (report.extra, report.updated, report.unchanged) == ({"new": 1}, 2, 1)
    assert "4 SKUs: 1 new, 2 updated, 1 unchanged." in report.message
    assert files.rows("SELECT title FROM skus WHERE code = 'MUG'") == [("Big mug",)]


def test_stock_of_an_unknown_sku_is_kept_back_with_its_line(files: Files) -> None:
    report = files.take("sku,location,on_hand\nMUG,MAIN,7\nNONE,MAIN,3\n")
    assert report.verdict is Verdict.PARTIAL
    assert [(r.order, r.row, r.code) for r in report.rejected] == [("NONE", 3, "UNKNOWN_SKU")]
    assert "line 3" in report.message
    assert files.rows("SELECT on_hand FROM stock_levels WHERE sku_id = 1") == [(7,)]


def test_a_location_that_stock_names_first_is_opened_and_said(files: Files) -> None:
    report = files.take("sku,location,on_hand\nMUG,Front shop,2\n")
    assert report.notices == ("LOCATION_ADDED",)
    assert "New location: Front shop" in report.message
    assert files.rows("SELECT code, name FROM locations WHERE id = 2") == [
        ("Front-shop", "Front shop")
    ]
    assert files.take("sku,location,on_hand\nMUG,Front shop,3\n").notices == ()


def test_opening_a_location_needs_the_role_for_it(files: Files) -> None:
    files.desk.actor = Actor("Lee", Role.APPROVER)
    with pytest.raises(NotAllowedError):
        files.take("sku,location,on_hand\nMUG,Front shop,2\n")
    assert files.rows("SELECT count(*) FROM locations") == [(1,)]
    assert files.rows("SELECT count(*) FROM import_files") == [(1,)]


def test_a_kit_has_no_stock_of_its_own(files: Files) -> None:
    files.take("kit_sku,component_sku,quantity\nBOX,MUG,1\nBOX,TEA,2\n")
    report = files.take("sku,location,on_hand\nBOX,MAIN,3\nMUG,MAIN,4\n")
    assert [r.code for r in report.rejected] == ["KIT_HAS_NO_STOCK"]
    again = files.take(CATALOGUE.replace("Mug,5", "Mug,6"))
    assert again.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("rows", "words"),
    [("BOX,NONE,1\n", "not in the catalogue"), ("BOX,MUG,1\nMUG,BOX,1\n", "contain itself")],
)
def test_a_kit_that_cannot_be_is_refused_and_nothing_of_it_stored(
    files: Files, rows: str, words: str
) -> None:
    report = files.take("kit_sku,component_sku,quantity\n" + rows)
    assert report.verdict is Verdict.REFUSE
    assert words in report.message
    assert "Nothing was stored" in report.message
    assert files.rows("SELECT count(*) FROM kit_components") == [(0,)]
    assert files.rows("SELECT count(*) FROM import_files") == [(1,)]


def test_an_order_that_waits_for_a_code_goes_on_when_the_catalogue_brings_it(files: Files) -> None:
    files.take(ORDER, "orders.csv")
    assert files.rows("SELECT is_held FROM orders") in ([(1,)], [(True,)])
    files.take("sku,title,on_hand\nCUP,Cup,5\n", "more.csv")
    assert files.rows("SELECT claim FROM order_lines") == [("reserved",)]
    assert files.rows("SELECT is_held FROM orders") in ([(0,)], [(False,)])


def test_a_listing_never_makes_a_product(files: Files) -> None:
    report = files.take("sku\tasin\tprice\tquantity\nMUG\tB0AAA\t9.99\t4\nWHAT\tB0BBB\t5.00\t1\n",
                        "open listings.txt")  # fmt: skip
    assert report.extra == {"new": 2}
    assert files.rows("SELECT count(*) FROM skus") == [(3,)]
    assert files.rows(
        "SELECT sku_text, sku_id, quantity_shown FROM listings ORDER BY sku_text"
    ) == [("MUG", 1, 4), ("WHAT", None, 1)]


def test_text_of_any_length_is_kept_whole_on_both_engines(files: Files) -> None:
    long = "x" * 3_000
    assert files.take(f"sku,title,on_hand\nCUP,{long},1\n").verdict is Verdict.ACCEPT
    assert files.rows("SELECT title FROM skus WHERE code = 'CUP'") == [(long,)]
    report = files.take(f"sku\tasin\tprice\tquantity\nMUG\t{long}\t9.99\t4\n", "open.txt")
    assert report.verdict is Verdict.PARTIAL
    files.desk.run("receive", sku="MUG", location="MAIN", quantity=1, reason=long)
