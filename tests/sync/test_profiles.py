"""A file with columns of its own is matched once, and is an ordinary export from then on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.importing import (
    AS_IT_IS,
    Glimpse,
    Reading,
    RowVerdict,
    Verdict,
    reading_as_data,
    reading_from_data,
)
from app.errors import LeftForLaterError, NotFoundError, RefusedError
from app.models.orders import order_lines, orders
from app.services.desk import Desk, Preview
from app.services.profiles import all_profiles
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter
from app.sync.files.watching import FolderWatch
from tests.queries import brand

HEADER = "Bestellnummer;Datum;Kunde;Strasse;Ort;PLZ;Land;Artikelnummer;Menge;Einzelpreis"
ROWS = (
    "B-1;03.10.2026;Jürgen Müller;Hauptstr. 1;Köln;50667;DE;TEA-001;2;12,50 €",
    "B-2;04.10.2026;Zoë Groß;Am Markt 2;Bonn;53111;DE;MUG-BLUE;1;9,00 €",
    "B-3;05.10.2026;Max Öz;Weg 3;Aachen;52062;DE;TEA-001;drei;12,50 €",
)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    opened = brand.stocked_desk(database_url)
    opened.importer = FileImporter(opened)
    yield opened
    opened.store.close()


@pytest.fixture
def web_shop(tmp_path: Path) -> Path:
    return written(tmp_path / "export.csv")


def written(path: Path, *rows: str, encoding: str = "cp1252") -> Path:
    path.write_text("\n".join((HEADER, *(rows or ROWS), "")), encoding=encoding)
    return path


def previewed(desk: Desk, path: Path, reading: Reading = AS_IT_IS) -> Preview:
    assert desk.importer is not None
    return desk.importer.preview(path, reading=reading)


def seen(desk: Desk, preview: Preview) -> Glimpse:
    assert desk.importer is not None
    found = desk.importer.glimpse(preview)
    assert found is not None
    return found


def remember(desk: Desk, path: Path, name: str = "Web shop") -> None:
    glimpse = seen(desk, previewed(desk, path))
    desk.run("save_profile", name=name, header_hash=glimpse.header_hash,
             reading=reading_as_data(glimpse.guesses[0]))  # fmt: skip


def test_columns_are_guessed_by_their_names_and_values(desk: Desk, web_shop: Path) -> None:
    preview = previewed(desk, web_shop)
    assert preview.report.verdict is Verdict.REFUSE
    glimpse = seen(desk, preview)
    assert glimpse.columns[0] == "Bestellnummer"
    assert glimpse.samples[0][2] == "Jürgen Müller"
    guess = glimpse.guesses[0]
    assert (guess.format, guess.dates) == ("own-orders", "day_first")
    assert dict(guess.fixed) == {"currency": "EUR"}
    assert dict(guess.columns) == {
        "order_id": "Bestellnummer", "created_at": "Datum", "name": "Kunde", "address1": "Strasse",
        "city": "Ort", "zip": "PLZ", "country": "Land", "sku": "Artikelnummer",
        "quantity": "Menge", "unit_price": "Einzelpreis",
    }  # fmt: skip


def test_the_second_file_of_a_source_asks_nothing(desk: Desk, web_shop: Path) -> None:
    remember(desk, web_shop)
    preview = previewed(desk, web_shop)
    assert preview.parsed.profile == "Web shop"
    assert (preview.report.orders_new, len(preview.report.rejected)) == (2, 1)
    reject = preview.report.rejected[0]
    assert (reject.row, reject.column, reject.value) == (4, "Menge", "drei")
    assert desk.importer is not None
    desk.importer.confirm(preview)
    query = select(
        orders.c.buyer_name, orders.c.currency, orders.c.placed_at, order_lines.c.unit_price
    )
    row = desk.read(
        lambda db: db.execute(
            query.join(order_lines, order_lines.c.order_id == orders.c.id)
            .where(orders.c.number == "B-1")
        ).one()
    )  # fmt: skip
    assert (row.buyer_name, row.currency, row.unit_price) == ("Jürgen Müller", "EUR", 1250)
    assert (row.placed_at.day, row.placed_at.month) == (3, 10)
    assert all(check.ok for check in verify_store(desk.store))


def test_repaired_rejects_are_recognised_by_the_same_profile(
    desk: Desk, web_shop: Path, tmp_path: Path
) -> None:
    remember(desk, web_shop)
    assert desk.importer is not None
    preview = previewed(desk, web_shop)
    desk.importer.confirm(preview)
    content = desk.importer.rejects(preview.parsed).decode("utf-8-sig")
    assert "Artikelnummer" in content
    again = tmp_path / "rejects.csv"
    again.write_text(content.replace("drei", "3"), encoding="utf-8")
    repaired = previewed(desk, again)
    assert repaired.parsed.profile == "Web shop"
    assert (repaired.report.orders_new, repaired.report.rejected) == (1, ())


def test_a_watched_folder_reads_by_profile_too(desk: Desk, web_shop: Path, tmp_path: Path) -> None:
    remember(desk, web_shop)
    folder = tmp_path / "downloads"
    folder.mkdir()
    written(folder / "october.csv", *ROWS[:2])
    desk.run("watch_folder", folder=str(folder))
    assert desk.importer is not None
    watch = FolderWatch(desk, desk.importer)
    watch.look()
    (report,) = watch.look()
    assert report.orders_new == 2


def test_an_interrupted_import_goes_on_as_it_was_read(desk: Desk, web_shop: Path) -> None:
    remember(desk, web_shop)
    preview = previewed(desk, web_shop)
    desk.run("delete_profile", name="Web shop")
    assert isinstance(desk.importer, FileImporter)
    desk.importer.stop()
    with pytest.raises(LeftForLaterError):
        desk.importer.confirm(preview)
    (report,) = FileImporter(desk).resume()
    assert report.orders_new == 2


def test_a_profile_is_renamed_forgotten_and_brought_back_by_undo(
    desk: Desk, web_shop: Path
) -> None:
    remember(desk, web_shop)
    before = desk.read(all_profiles)
    renamed = desk.run("rename_profile", name="Web shop", to="Shop")
    assert [each.name for each in desk.read(all_profiles)] == ["Shop"]
    assert renamed.undo is not None
    desk.undo(renamed.undo)
    forgotten = desk.run("delete_profile", name="Web shop")
    assert previewed(desk, web_shop).report.verdict is Verdict.REFUSE
    assert forgotten.undo is not None
    desk.undo(forgotten.undo)
    assert desk.read(all_profiles) == before


def test_saying_it_anew_replaces_what_was_said_and_undo_returns_it(
    desk: Desk, web_shop: Path
) -> None:
    remember(desk, web_shop)
    (before,) = desk.read(all_profiles)
    changes = desk.run("save_profile", name="Web shop", header_hash=before.header_hash,
                       reading={"format": "stock", "columns": {"sku": "Artikelnummer"}})  # fmt: skip
    assert desk.read(all_profiles)[0].reading.format == "stock"
    assert changes.undo is not None
    desk.undo(changes.undo)
    assert desk.read(all_profiles) == (before,)


def test_two_sources_cannot_share_a_name(desk: Desk, web_shop: Path) -> None:
    remember(desk, web_shop)
    with pytest.raises(RefusedError, match="another header"):
        desk.run("save_profile", name="Web shop", header_hash="f" * 64, reading={})
    with pytest.raises(RefusedError, match="needs a name"):
        desk.run("save_profile", name="  ", header_hash="f" * 64, reading={})
    with pytest.raises(NotFoundError, match="no profile"):
        desk.run("delete_profile", name="Nobody")


def test_a_reading_is_kept_as_it_was_said() -> None:
    reading = Reading(
        dates="day_first", columns=(("sku", "Artikel"),), fixed=(("currency", "EUR"),)
    )
    assert reading_from_data(reading_as_data(reading)) == reading
    assert reading_as_data(AS_IT_IS) == {}


OWN = "order_id,created_at,name,sku,quantity,unit_price,currency"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_umlauts_are_right_however_they_are_encoded(
    desk: Desk, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{OWN}\n1,2026-10-01,Jörg Bäßler,TEA-001,1,5.00,EUR\n", encoding=encoding)
    preview = previewed(desk, path)
    assert preview.rows[0].who == "Jörg Bäßler"


def test_another_encoding_is_read_when_a_person_says_so(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{OWN}\n1,2026-10-01,Čeněk,TEA-001,1,5.00,CZK\n", encoding="cp1250")
    assert previewed(desk, path).rows[0].who != "Čeněk"
    assert previewed(desk, path, Reading(encoding="cp1250")).rows[0].who == "Čeněk"
    refused = previewed(desk, path, Reading(encoding="utf-8"))
    assert "cannot be read as utf-8: line 2" in refused.report.message


def test_the_order_of_day_and_month_is_what_a_person_says(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{OWN}\n1,03/10/2026,Ann,TEA-001,1,5.00,USD\n", encoding="utf-8")
    assert len(previewed(desk, path).report.rejected) == 1
    days = previewed(desk, path, Reading(dates="day_first")).rows[0].at
    months = previewed(desk, path, Reading(dates="month_first")).rows[0].at
    assert days is not None
    assert months is not None
    assert (days.month, days.day) == (10, 3)
    assert (months.month, months.day) == (3, 10)


def test_the_decimal_sign_and_the_separator_are_what_a_person_says(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f'{OWN}\n1,2026-10-01,Ann,TEA-001,1,"1,234",USD\n', encoding="utf-8")
    assert previewed(desk, path).rows[0].amount == 123400
    assert previewed(desk, path, Reading(decimal=",")).rows[0].amount == 123
    wrong = previewed(desk, path, Reading(delimiter=";"))
    assert wrong.report.verdict is Verdict.REFUSE


def test_a_header_further_down_can_be_named(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"sku,on_hand\n{OWN}\n1,2026-10-01,Ann,TEA-001,1,5.00,USD\n", encoding="utf-8")
    preview = previewed(desk, path, Reading(header=2))
    assert (preview.parsed.format, preview.parsed.header_line) == ("own-orders", 2)
    assert preview.report.orders_new == 1


def test_each_row_says_what_would_become_of_it(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    row = "{},2026-10-01,Ann,{},{},5.00,USD"
    path.write_text("\n".join((OWN, row.format(1, "TEA-001", 1), row.format(2, "TEA-001", 1), "")))
    assert desk.importer is not None
    desk.importer.confirm(previewed(desk, path))
    rows = (row.format(1, "TEA-001", 1), row.format(2, "TEA-001", 9), row.format(3, "TEA-001", 1),
            row.format(4, "NEW-ONE", 1), row.format(5, "TEA-001", "x"))  # fmt: skip
    path.write_text("\n".join((OWN, *rows, "")))
    preview = previewed(desk, path)
    assert [(each.subject, each.verdict) for each in preview.rows] == [
        ("1", RowVerdict.SKIP), ("2", RowVerdict.LOOK), ("3", RowVerdict.ADD),
        ("4", RowVerdict.LOOK), ("5", RowVerdict.KEPT_BACK),
    ]  # fmt: skip
    last = preview.rows[-1]
    assert (last.line, last.column, last.value) == (6, "quantity", "x")


def test_what_is_left_out_is_not_stored_is_said_and_comes_with_the_file_another_time(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{n},2026-10-01,Ann,TEA-001,1,5.00,USD" for n in (1, 2, 3)]
    path.write_text("\n".join((OWN, *rows, "")))
    assert desk.importer is not None
    preview = replace(previewed(desk, path), left_out=frozenset({"2"}))
    report = desk.importer.confirm(preview)
    assert (report.orders_new, report.extra["left_out"]) == (2, 1)
    assert "Left out by hand: 1 order." in report.message
    again = desk.importer.confirm(previewed(desk, path))
    assert (again.orders_new, again.unchanged) == (1, 2)
    assert all(check.ok for check in verify_store(desk.store))
