"""Files come in as the contract of the hostile files says, and twice is the same as once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.importing import ImportReport
from app.domain.roles import Actor, Role
from app.errors import LeftForLaterError, RefusedError, StoreError
from app.models.exchange import import_files
from app.models.orders import orders
from app.models.schema import metadata
from app.services.desk import Desk, Preview
from app.services.opening import open_ready_store
from app.sync.files.importer import FileImporter

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
OWNER = Actor("Kim", Role.OWNER)
SHARED = Path(
    os.environ.get("ORDERDECK_SHARED")
    or Path(__file__).resolve().parents[3] / "shared" / "reference"
)
BAD = SHARED / "badcsv"
EXPECTED: list[dict[str, Any]] = (
    json.loads((BAD / "expected.json").read_text(encoding="utf-8")) if BAD.is_dir() else []
)
needs_samples = pytest.mark.skipif(not EXPECTED, reason="the reference files are not here")


def opened(url: str) -> Desk:
    desk = Desk(open_ready_store(url, now=NOW), OWNER, now=lambda: NOW)
    desk.importer = FileImporter(desk)
    return desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = opened(database_url)
    yield desk
    desk.store.close()


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A desk with the catalogue and kits that the hostile files are about."""
    if not EXPECTED:
        pytest.skip("the reference files are not here")
    importing(desk, BAD / "catalog.csv")
    importing(desk, BAD / "kits.csv")
    return desk


def previewed(desk: Desk, path: Path) -> Preview:
    assert desk.importer is not None
    return desk.importer.preview(path)


def importing(desk: Desk, path: Path) -> ImportReport:
    assert desk.importer is not None
    return desk.importer.confirm(previewed(desk, path))


def everything(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table."""
    with desk.store.read() as db:
        return {
            table.name: sorted(map(str, db.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


def essence(report: ImportReport) -> tuple[Any, ...]:
    return (
        report.verdict, report.orders_new, report.lines_new, report.updated, report.unchanged,
        report.changed, report.rejected, report.holds, report.notices, report.message,
    )  # fmt: skip


@needs_samples
@pytest.mark.parametrize("case", EXPECTED, ids=[each["file"] for each in EXPECTED])
def test_a_hostile_file_ends_as_the_contract_says(stocked: Desk, case: dict[str, Any]) -> None:
    if case.get("after"):
        importing(stocked, BAD / case["after"])
    preview = previewed(stocked, BAD / case["file"])
    before = everything(stocked)
    assert stocked.importer is not None
    report = stocked.importer.confirm(preview)
    assert report.verdict == case["verdict"]
    assert (report.orders_new, report.lines_new) == (case["orders_new"], case["lines_new"])
    assert sorted([r.order, r.code] for r in report.rejected) == sorted(case["rejected"])
    assert sorted([number, code] for number, code in report.holds) == sorted(case["holds"])
    assert sorted(report.notices) == sorted(case["notices"])
    for words in case["message"]:
        assert words.casefold() in report.message.casefold()
    assert essence(preview.report) == essence(report)
    if report.verdict == "refuse":
        assert everything(stocked) == before
        assert "nothing was stored" in report.message.casefold()


@needs_samples
@pytest.mark.parametrize("case", EXPECTED, ids=[each["file"] for each in EXPECTED])
def test_importing_a_file_twice_changes_nothing_the_second_time(
    stocked: Desk, case: dict[str, Any]
) -> None:
    first = importing(stocked, BAD / case["file"])
    before = everything(stocked)
    again = importing(stocked, BAD / case["file"])
    assert everything(stocked) == before
    assert again.orders_new == again.updated == again.changed == 0
    assert again.unchanged == first.orders_new + first.unchanged
    assert again.rejected == first.rejected


@needs_samples
@pytest.mark.parametrize("name", ["catalog.csv", "kits.csv"])
def test_importing_goods_twice_changes_nothing_the_second_time(stocked: Desk, name: str) -> None:
    before = everything(stocked)
    again = importing(stocked, BAD / name)
    assert everything(stocked) == before
    assert again.extra == {"new": 0}
    assert again.updated == 0


@needs_samples
def test_an_older_copy_of_a_file_does_not_undo_what_was_decided_since(stocked: Desk) -> None:
    importing(stocked, BAD / "dup_part1.csv")
    importing(stocked, BAD / "dup_part2.csv")
    order_id = only(stocked, "#2202").id
    stocked.run("take_over_change", order_id=order_id)
    before = everything(stocked)
    again = importing(stocked, BAD / "dup_part1.csv")
    assert (again.unchanged, again.changed) == (3, 0)
    assert everything(stocked) == before


def only(desk: Desk, number: str) -> Any:
    with desk.store.read() as db:
        return db.execute(select(orders).where(orders.c.number == number)).one()


def lines(desk: Desk, number: str) -> list[Any]:
    with desk.store.read() as db:
        query = text(
            "SELECT l.* FROM order_lines l JOIN orders o ON o.id = l.order_id"
            " WHERE o.number = :number ORDER BY l.position"
        )
        return list(db.execute(query, {"number": number}).all())


def test_a_shopify_sku_and_zip_keep_their_zeros(stocked: Desk) -> None:
    importing(stocked, BAD / "good_shopify.csv")
    assert len(lines(stocked, "#1001")) == 2
    assert only(stocked, "#1001").ship_postcode == "02138"
    with stocked.store.read() as db:
        assert "00123" in set(db.execute(text("SELECT sku_text FROM order_lines")).scalars())


def test_an_amazon_item_price_is_the_price_of_the_whole_line(stocked: Desk) -> None:
    importing(stocked, BAD / "good_amazon.txt")
    with stocked.store.read() as db:
        rows = db.execute(text("SELECT quantity, unit_price FROM order_lines")).all()
    assert (3, 1999) in [tuple(row) for row in rows]


def test_a_kit_reserves_what_is_in_it(stocked: Desk) -> None:
    importing(stocked, BAD / "good_ownstore.csv")
    with stocked.store.read() as db:
        query = text(
            "SELECT s.code, r.quantity FROM reservations r JOIN skus s ON s.id = r.sku_id"
            " JOIN order_lines l ON l.id = r.order_line_id WHERE l.sku_text = 'BUNDLE-3'"
        )
        assert sorted(map(tuple, db.execute(query))) == [("MUG-BLUE", 1), ("TEA-001", 2)]


def test_a_cancelled_order_is_kept_and_reserves_nothing(stocked: Desk) -> None:
    importing(stocked, BAD / "amazon_pending_orders.txt")
    with stocked.store.read() as db:
        statuses = set(db.execute(select(orders.c.status)).scalars())
        units = db.execute(
            text("SELECT sum(r.quantity) FROM reservations r JOIN orders o ON o.id = r.order_id"
                 " WHERE o.status = 'cancelled'")
        ).scalar()  # fmt: skip
    assert statuses == {"open", "cancelled"}
    assert not units


def test_hostile_text_is_stored_as_it_came(stocked: Desk) -> None:
    importing(stocked, BAD / "shopify_html_in_fields.csv")
    importing(stocked, BAD / "shopify_sql_like.csv")
    importing(stocked, BAD / "shopify_formula_injection.csv")
    with stocked.store.read() as db:
        names = " ".join(db.execute(select(orders.c.ship_name)).scalars())
        assert db.execute(text("SELECT count(*) FROM orders")).scalar_one() == 7
    assert "<" in names
    assert "DROP TABLE" in names.upper()
    assert "=" in names


def test_amounts_with_a_decimal_comma_are_exact(stocked: Desk) -> None:
    importing(stocked, BAD / "ownstore_semicolon_decimal_comma.csv")
    with stocked.store.read() as db:
        prices = set(db.execute(text("SELECT unit_price FROM order_lines")).scalars())
    assert prices == {123450, 1999}


def test_only_exact_codes_are_linked(stocked: Desk) -> None:
    importing(stocked, BAD / "shopify_sku_variants.csv")
    mapped = {n: lines(stocked, f"#{n}")[0].sku_id is not None for n in range(2101, 2109)}
    assert {n for n, known in mapped.items() if known} == {2101, 2102, 2107, 2108}


def test_two_lines_without_a_code_stay_two_lines(stocked: Desk) -> None:
    importing(stocked, BAD / "shopify_blank_sku.csv")
    assert [line.sku_text for line in lines(stocked, "#2111")] == ["", ""]


def test_a_changed_order_waits_with_both_versions(stocked: Desk) -> None:
    importing(stocked, BAD / "dup_part1.csv")
    importing(stocked, BAD / "dup_part2.csv")
    assert [line.quantity for line in lines(stocked, "#2202")] == [2]
    with stocked.store.read() as db:
        change = db.execute(text("SELECT state, after FROM order_changes")).one()
    after = json.loads(change.after) if isinstance(change.after, str) else change.after
    assert change.state == "open"
    assert [line["quantity"] for line in after["lines"]] == [5]


@pytest.fixture
def long_export(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(own_export(350), encoding="utf-8")
    return path


def own_export(count: int) -> str:
    """Repeat the rows of the documented own-store sample under new numbers."""
    rows = (BAD / "good_ownstore.csv").read_text(encoding="utf-8").splitlines()
    head, first = rows[0], rows[1]
    number = first.split(",")[0]
    return "\n".join([head, *(first.replace(number, f"N-{n}") for n in range(count))]) + "\n"


def state_of(desk: Desk, path: Path) -> str:
    with desk.store.read() as db:
        query = select(import_files.c.state).where(import_files.c.name == path.name)
        return str(db.execute(query).scalar_one())


def count_of_orders(desk: Desk) -> int:
    with desk.store.read() as db:
        return int(db.execute(text("SELECT count(*) FROM orders")).scalar_one())


def test_progress_is_told_after_every_batch(stocked: Desk, long_export: Path) -> None:
    assert stocked.importer is not None
    told: list[tuple[int, int]] = []
    stocked.importer.confirm(
        previewed(stocked, long_export), progress=lambda done, total: told.append((done, total))
    )
    assert told == [(100, 350), (200, 350), (300, 350), (350, 350)]


def test_a_cancelled_import_says_what_stays_and_goes_on_when_asked_again(
    stocked: Desk, long_export: Path
) -> None:
    assert stocked.importer is not None
    told: list[int] = []
    report = stocked.importer.confirm(
        previewed(stocked, long_export),
        progress=lambda done, _total: told.append(done),
        cancelled=lambda: len(told) == 2,
    )
    assert report.orders_new == 200
    assert state_of(stocked, long_export) == "cancelled"
    assert "Cancelled after 200 of 350 orders" in report.message
    assert stocked.importer.resume() == []
    again = importing(stocked, long_export)
    assert (again.orders_new, again.unchanged) == (350, 0)
    assert count_of_orders(stocked) == 350
    assert state_of(stocked, long_export) == "done"


def test_an_import_that_is_under_way_when_the_desk_closes_is_finished_at_the_next_start(
    stocked: Desk, long_export: Path
) -> None:
    importer = stocked.importer
    assert importer is not None
    told: list[int] = []

    def close_after_two_batches(done: int, _total: int) -> None:
        told.append(done)
        if len(told) == 2:
            importer.stop()

    with pytest.raises(LeftForLaterError, match="next start finishes it"):
        importer.confirm(previewed(stocked, long_export), progress=close_after_two_batches)
    assert state_of(stocked, long_export) == "confirmed"
    with pytest.raises(LeftForLaterError):
        importer.resume()  # it was catching up that was under way: still not lost
    stocked.importer = FileImporter(stocked)
    assert long_export.name in stocked.catch_up().label
    assert state_of(stocked, long_export) == "done"
    assert count_of_orders(stocked) == 350


class StoppedError(BaseException):
    """The power goes out."""


def test_an_interrupted_import_finishes_by_itself_with_the_same_report(
    stocked: Desk, long_export: Path, tmp_path: Path
) -> None:
    assert stocked.importer is not None

    def stop(done: int, _total: int) -> None:
        if done == 200:
            raise StoppedError

    with pytest.raises(StoppedError):
        stocked.importer.confirm(previewed(stocked, long_export), progress=stop)
    (finished,) = FileImporter(stocked).resume()
    assert stocked.importer.resume() == []
    calm = opened(f"sqlite:///{tmp_path / 'calm.sqlite'}")
    importing(calm, BAD / "catalog.csv")
    importing(calm, BAD / "kits.csv")
    assert essence(finished) == essence(importing(calm, long_export))
    mine, theirs = everything(stocked), everything(calm)
    if stocked.store.is_sqlite:
        for name in ("orders", "order_lines", "reservations", "stock_levels", "network_stock"):
            assert mine[name] == theirs[name]
    calm.store.close()


def test_a_disk_that_fills_up_in_the_middle_says_what_is_in_and_the_next_start_does_the_rest(
    stocked: Desk, long_export: Path
) -> None:
    if not stocked.store.is_sqlite:
        pytest.skip("only SQLite can be given a small disk")
    leave_room(stocked, pages=80)
    with pytest.raises(StoreError) as full:
        importing(stocked, long_export)
    reached = count_of_orders(stocked)
    assert 0 < reached < 350
    assert "full" in full.value.title
    how_far = f"{reached} of 350 orders of orders.csv are in; the rest follows by itself"
    assert how_far in full.value.title
    assert "Nothing was changed" not in str(full.value)
    leave_room(stocked, pages=100_000)
    assert stocked.importer is not None
    (report,) = stocked.importer.resume()
    assert (report.orders_new, count_of_orders(stocked)) == (350, 350)


def leave_room(desk: Desk, *, pages: int) -> None:
    """Let the file grow by so many pages, as on a disk that is nearly full."""
    with desk.store.write() as db:
        used = db.execute(text("PRAGMA page_count")).scalar_one()
        db.execute(text(f"PRAGMA max_page_count = {used + pages}"))


def test_a_file_that_is_gone_is_refused_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be opened"):
        previewed(desk, tmp_path / "gone.csv")


def test_a_viewer_may_look_but_not_import(stocked: Desk) -> None:
    stocked.actor = Actor("Lee", Role.VIEWER)
    preview = previewed(stocked, BAD / "good_shopify.csv")
    before = everything(stocked)
    assert stocked.importer is not None
    for name in ("good_shopify.csv", "catalog.csv"):
        with pytest.raises(RefusedError, match="may not"):
            stocked.importer.confirm(
                preview if name != "catalog.csv" else previewed(stocked, BAD / name)
            )
    assert everything(stocked) == before


SAMPLES = sorted(
    path
    for path in (SHARED / "csv").glob("*/*")
    if path.suffix in (".csv", ".txt", ".xlsx", ".tsv")
)


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=[each.name for each in SAMPLES])
def test_a_real_export_ends_as_its_preview_said_and_twice_is_once(desk: Desk, path: Path) -> None:
    preview = previewed(desk, path)
    assert desk.importer is not None
    report = desk.importer.confirm(preview)
    assert essence(preview.report) == essence(report)
    before = everything(desk)
    importing(desk, path)
    assert everything(desk) == before
    with desk.store.read() as db:
        stored = db.execute(text("SELECT count(*) FROM orders")).scalar_one()
    assert stored == report.orders_new
