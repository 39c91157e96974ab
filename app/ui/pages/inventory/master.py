"""The SKU master in the window: a cell, a record, many at once, kits, codes of channels, and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.sku_record import FIELDS, RECORD
from app.errors import RefusedError
from app.queries.catalogue_table import Table, catalogue_table, kits_table
from app.queries.codes import AliasRow
from app.queries.inventory import InventoryRow
from app.queries.kit_trees import KitNode
from app.queries.settings import AccountRow, account_rows
from app.services.desk import Desk
from app.services.saving import save_over
from app.ui.lists.exporting import KINDS, with_kind
from app.ui.lists.list_view import ListView
from app.ui.operations import Problem
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of

_FORM = ("title", "barcode", "more_barcodes", "category", "family", "cost", "weight_g", "velocity",
         "supplier", "lead_time_days", "is_hazmat", "is_fragile", "minimum_age")  # fmt: skip


class Place(Asker, Protocol):
    """The page, as these actions see it."""

    row: InventoryRow | None
    list: ListView

    @property
    def tree(self) -> Sequence[KitNode]:
        """What is in the kit that is shown."""


class MasterActions:
    """The verbs of the SKU master."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place = shell, place

    def save_cell(self, row_id: int, field: str, text: str) -> None:
        """Keep what was written into a cell."""
        self._place.run("edit_skus", sku_ids=[row_id], changes={field: text})

    def edit(self) -> None:
        """Ask about the record of one SKU, or about one field of many."""
        if self._place.list.selected_count > 1:
            self._place.list.selected_ids(self._ask_many)
            return
        row = self._place.row
        if row is None or row.record is None:
            return
        record = row.record
        fields = [
            Field(name, FIELDS[name].words, record.text(name), placeholder=FIELDS[name].hint)
            for name in _FORM
        ]
        self._place.ask(Question(f"Record of {row.code}", fields, "Keep it",
                                 lambda v: self._edit_one(row, v)))  # fmt: skip

    def _edit_one(self, row: InventoryRow, values: Values) -> None:
        assert row.record is not None
        changed = {n: str(v) for n, v in values.items() if str(v).strip() != row.record.text(n)}
        if changed:
            self._place.run("edit_skus", sku_ids=[row.id], changes=changed)
        else:
            self._place.complain(Problem("Nothing is different yet.", "Change what is wrong."))

    def _ask_many(self, ids: Sequence[int]) -> None:
        names = [(field.name, field.words) for field in RECORD]
        self._place.ask(Question(
            f"Change {count_of(len(ids), 'SKU')}",
            [Field("field", "Field", "supplier", names), Field("value", "Becomes")],
            "Change all of them",
            lambda v: self._place.run("edit_skus", sku_ids=list(ids),
                                      changes={str(v["field"]): str(v["value"])}),
            note="Those that say it already stay as they are. One undo takes all of it back.",
        ))  # fmt: skip

    def add(self) -> None:
        """Ask for a new SKU."""
        self._place.ask(Question(
            "New SKU",
            [Field("code", "Code", is_needed=True, placeholder="As it stands on the shelf"),
             Field("title", "Title"), Field("barcode", "Barcode"), Field("cost", "Cost")],
            "Add it", self._add,
        ))  # fmt: skip

    def _add(self, values: Values) -> None:
        said = {name: str(values[name]) for name in ("title", "barcode", "cost") if values[name]}
        self._place.run("add_sku", code=str(values["code"]), values=said)

    # ---- kits and codes -------------------------------------------------------------------------

    def set_kit(self) -> None:
        """Ask what is in one of it, a component a line."""
        row = self._place.row
        if row is None:
            return
        inside = [node for node in self._place.tree if node.depth == 0]
        text = "\n".join(f"{node.units} × {node.sku}" for node in inside)
        self._place.ask(Question(
            f"What is in one {row.code}",
            [Field("contents", "It holds", text, placeholder="2 × MUG-BLUE", has_lines=True)],
            "Keep it", lambda v: self._set_kit(row.code, str(v["contents"])), suggests="contents",
            note="One component a line; a component may be a kit. Empty: it is no kit.",
        ))  # fmt: skip

    def _set_kit(self, kit: str, text: str) -> None:
        contents: dict[str, int] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            units, times, code = line.replace("x ", "× ", 1).partition("×")
            if not times or not units.strip().isdigit() or not code.strip():
                self._place.complain(Problem(f"“{line}” names no units and SKU.",
                                             "Write each as 2 × MUG-BLUE."))  # fmt: skip
                return
            contents[code.strip()] = contents.get(code.strip(), 0) + int(units)
        self._place.run("set_kit", kit=kit, contents=contents)

    def link(self) -> None:
        """Ask what a channel calls it."""
        self._shell.operations.query(account_rows, then=self._ask_link)

    def _ask_link(self, accounts: Sequence[AccountRow]) -> None:
        row = self._place.row
        if row is None or not accounts:
            self._place.complain(Problem("There is no channel yet.", "Import orders first."))
            return
        where = [(account.id, account.name) for account in accounts]
        self._place.ask(Question(
            f"What a channel calls {row.code}",
            [Field("account", "Channel", where[0][0], where),
             Field("alias", "Code", placeholder="As its orders have it"),
             Field("listing", "Listing", placeholder="Its number, if that alone says it"),
             Field("variant", "Variant", placeholder="Only this one, such as Blue / Large"),
             Field("pack", "Units in one", 1, least=1)],
            "Link it",
            lambda v: self._place.run("link", account_id=v["account"], alias=str(v["alias"]).strip(),
                                      listing_id=str(v["listing"]).strip(), pack=v["pack"],
                                      variant=str(v["variant"]).strip(), sku_code=row.code),
            note="Orders that wait for it go on.",
        ))  # fmt: skip

    def unlink(self, alias: AliasRow) -> None:
        """Forget what a channel calls it."""
        self._place.run("unlink", alias_id=alias.id)

    # ---- files ----------------------------------------------------------------------------------

    def export_catalogue(self) -> None:
        """Write the catalogue into a file that imports again."""
        self._export("catalogue", catalogue_table)

    def export_kits(self) -> None:
        """Write what is in the kits into a file that imports again."""
        self._export("kits", kits_table)

    def _export(self, name: str, table: Callable[..., Table]) -> None:
        parent = self._place if isinstance(self._place, QWidget) else None
        chosen, kind = QFileDialog.getSaveFileName(
            parent, f"Export {name}", str(Path.home() / f"{name}.xlsx"), KINDS
        )
        if chosen:
            self.write(with_kind(Path(chosen), kind), table)

    def write(self, path: Path, table: Callable[..., Table]) -> None:
        """Write a table into a file, beside everything else."""
        desk = self._shell.operations.desk
        self._shell.operations.job(
            lambda: _write(desk, path, table),
            then=lambda rows: self._shell.say(f"Exported {count_of(rows, 'row')}", f"In {path}"),
            otherwise=lambda problem: self._shell.complain(problem.title, problem.advice),
        )


def _write(desk: Desk, path: Path, table: Callable[..., Table]) -> int:
    if desk.exporter is None:
        raise RefusedError("No file was written: this desk writes none.",
                           "Close the window and start Orderdeck again.")  # fmt: skip
    header, rows = desk.read(table)
    try:
        save_over(path, desk.exporter.table(path.suffix.lower().lstrip("."), header, rows))
    except OSError as error:
        raise RefusedError(f"{path.name} was not written ({error.strerror}).",
                           "Choose another folder.") from error  # fmt: skip
    return len(rows)
