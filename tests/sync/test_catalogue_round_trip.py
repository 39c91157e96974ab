"""What leaves as a file comes back as it was: the catalogue and the kits, as CSV and as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.importing import KitRow, SkuRow, Verdict
from app.models.catalogue import kit_components, skus
from app.queries.catalogue_table import catalogue_table, kits_table
from app.services import catalogue
from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from app.sync.files.importer import FileImporter
from tests.queries import brand

ROWS = [
    SkuRow("MUG-1", "Mug, blue; “Tide”", "036000291452", 450, "USD", 400, 90, 91, 100, "Mugs",
           more_barcodes="4006381333931 10036000291459", family="Tide", velocity="A",
           supplier="=Leaf & Co", lead_time_days=21, is_fragile=True),
    SkuRow("00123", "Leading zeros", cost=5, velocity="D", is_hazmat=True, minimum_age=18),
    SkuRow("SET-1", "A set"),
    SkuRow("BIG-1", "A set of sets"),
]  # fmt: skip
KITS = [KitRow("SET-1", "MUG-1", 2), KitRow("SET-1", "00123", 1), KitRow("BIG-1", "SET-1", 3)]


def filled(url: str) -> Desk:
    desk = brand.empty_desk(url)
    desk.importer, desk.exporter = FileImporter(desk), FileExporter(desk)
    return desk


def everything(desk: Desk) -> tuple[list[Any], list[Any]]:
    with desk.store.read() as db:
        names = [column for column in skus.c if column.name not in ("id", "created_at")]
        goods = sorted(tuple(row) for row in db.execute(select(*names)))
        kit, part = skus.alias(), skus.alias()
        inside = (
            select(kit.c.code, part.c.code, kit_components.c.quantity)
            .join(kit, kit.c.id == kit_components.c.kit_id)
            .join(part, part.c.id == kit_components.c.component_id)
        )
        return goods, sorted(tuple(row) for row in db.execute(inside))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_catalogue_goes_out_and_comes_back_the_same(tmp_path: Path, kind: str) -> None:
    first = filled(f"sqlite:///{tmp_path / 'first.sqlite'}")
    with first.store.write() as db:
        known = catalogue.save_skus(db, ROWS, now=brand.NOW)
        catalogue.save_kits(db, KITS, known, now=brand.NOW)
    second = filled(f"sqlite:///{tmp_path / 'second.sqlite'}")
    assert first.exporter is not None
    for name, table in (("catalogue", catalogue_table), ("kits", kits_table)):
        path = tmp_path / f"{name}.{kind}"
        path.write_bytes(first.exporter.table(kind, *first.read(table)))
        for desk, word in ((second, "new"), (first, "unchanged")):
            assert desk.importer is not None
            preview = desk.importer.preview(path)
            report = desk.importer.confirm(preview)
            assert (report.format, report.verdict) == (name, Verdict.ACCEPT), report.message
            assert report.updated == 0
            assert (report.unchanged > 0) == (word == "unchanged")
    assert everything(second) == everything(first)
    first.store.close()
    second.store.close()


def test_a_field_that_cannot_be_keeps_its_row_back(tmp_path: Path) -> None:
    desk = filled(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    path = tmp_path / "catalogue.csv"
    path.write_text("sku,title,velocity\nMUG-1,Mug,A\nMUG-2,Mug,Z\n", encoding="utf-8")
    assert desk.importer is not None
    report = desk.importer.confirm(desk.importer.preview(path))
    assert report.verdict is Verdict.PARTIAL
    (reject,) = report.rejected
    assert (reject.order, reject.column, reject.value) == ("MUG-2", "velocity", "Z")
    desk.store.close()
