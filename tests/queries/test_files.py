"""Are the files that came in, went out and still wait all accounted for?"""

from __future__ import annotations

from datetime import timedelta

from app.queries.files import exports_done, imports_done
from app.queries.settings import account_rows, acting, channel_rows, operator_rows
from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from app.sync.files.importer import FileImporter
from tests.queries.brand import NOW


def test_a_shipment_waits_until_it_is_in_a_file(busy: Desk) -> None:
    assert FileExporter(busy).waiting() == []  # it can still be undone
    busy.now = lambda: NOW + timedelta(minutes=1)
    (waiting,) = FileExporter(busy).waiting()
    assert (waiting.channel, waiting.kind, waiting.count) == ("etsy", "ship_confirm", 1)
    written = FileExporter(busy).export(waiting.account_id, waiting.kind)
    assert FileExporter(busy).waiting() == []
    (done,) = busy.read(exports_done)
    assert (done.id, done.name, done.channel_name, done.rows) == (
        written.id,
        written.name,
        "Etsy",
        1,
    )


def test_a_file_that_came_in_is_listed_with_its_report(busy: Desk, tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "catalogue.csv"
    path.write_text("sku,title,on_hand\nNEW-1,New,3\n")
    importer = FileImporter(busy)
    importer.confirm(importer.preview(path))
    (row,) = busy.read(imports_done)
    assert (row.name, row.state, row.kind) == ("catalogue.csv", "done", "catalogue")
    assert row.report


def test_channels_accounts_and_people_are_listed(busy: Desk) -> None:
    assert {row.channel for row in busy.read(account_rows)} == {
        "amazon", "etsy", "shopify", "walmart",
    }  # fmt: skip
    assert "ebay" in {row.code for row in busy.read(channel_rows)}
    assert [row.name for row in busy.read(operator_rows)] == ["Owner"]
    assert busy.read(acting).name == "Owner"
