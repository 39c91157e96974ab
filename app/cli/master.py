"""``sku`` and ``kit``: what we keep of SKUs, and what is in a kit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.cli.command import Answer, Call, Command, argument
from app.cli.linking import alias_lines
from app.cli.receipts import receipt
from app.cli.stockroom import summed, units_of
from app.cli.terminal import table, visible
from app.cli.wording import counted, number
from app.domain.sku_record import RECORD
from app.errors import NotFoundError, RefusedError
from app.queries import codes
from app.queries.catalogue_table import catalogue_table, kits_table
from app.queries.inventory import InventoryRow, inventory_row, inventory_rows
from app.queries.kit_trees import Contention, KitNode, contentions, kit_tree, used_in
from app.services.saving import save_new


def _found(call: Call, code: str) -> InventoryRow:
    row = call.desk.read(inventory_row, code)
    if row is None:
        raise NotFoundError(
            f"There is no SKU “{visible(code)}”.", "“orderdeck stock” lists those there are."
        )
    return row


def show_sku(call: Call) -> Answer:
    """Show what is kept of a SKU."""
    row = _found(call, call.args.sku)
    aliases = call.desk.read(codes.aliases, row.code)
    said = {field.name: row.record.text(field.name) if row.record else "" for field in RECORD}
    document = {"sku": row.code, "is_kit": row.is_kit, **said, "aliases": aliases}
    return Answer(document, lambda: [
        visible(row.code), "",
        *table(("Field", ""), [(field.words, said[field.name]) for field in RECORD]),
        "", *alias_lines(aliases),
    ])  # fmt: skip


def add_sku(call: Call) -> Answer:
    """Add a SKU."""
    return receipt(call.desk.run("add_sku", code=call.args.sku, values=_pairs(call.args.field)))


def change_skus(call: Call) -> Answer:
    """Change fields of SKUs, named or found by a search."""
    args = call.args
    rows = [_found(call, code) for code in args.skus]
    if args.query:
        rows += call.desk.read(inventory_rows, query=args.query, limit=None)
    if not rows:
        raise RefusedError("No SKU was named or found; nothing was changed.",
                           "Name SKUs, or find them with --query.")  # fmt: skip
    ids = sorted({row.id for row in rows})
    return receipt(call.desk.run("edit_skus", sku_ids=ids, changes=_pairs(args.field)))


def _pairs(texts: Sequence[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts or ():
        name, is_, value = text.partition("=")
        if not is_:
            raise RefusedError(f"“{visible(text)}” names no field and value; nothing was changed.",
                               "Write it as supplier=Leaf.")  # fmt: skip
        found[name.strip()] = value
    return found


def export_catalogue(call: Call) -> Answer:
    """Write the catalogue, or the kits, as a file that imports again as it is."""
    args = call.args
    kind = args.file.suffix.lower().lstrip(".")
    exporter = call.desk.exporter
    if kind not in ("csv", "xlsx") or exporter is None:
        raise RefusedError(f"“{visible(str(args.file))}” is no CSV and no workbook; nothing was "
                           "written.", "End the name with .csv or .xlsx.")  # fmt: skip
    if args.kits:
        header, rows = call.desk.read(kits_table)
    else:
        header, rows = call.desk.read(catalogue_table, query=args.query)
    try:
        save_new(args.file, exporter.table(kind, header, rows))
    except OSError as error:
        raise RefusedError(f"{visible(str(args.file))} was not written ({error.strerror}).",
                           "Choose another name or folder.") from error  # fmt: skip
    what = counted(len(rows), "row" if args.kits else "SKU")
    document = {"file": str(args.file), "rows": len(rows)}
    return Answer(document, lambda: [visible(f"{what} in {args.file}")])


def show_kit(call: Call) -> Answer:
    """Show what is in a kit, level by level, and which kits want the same units."""
    row = _found(call, call.args.kit)
    tree, wanted = call.desk.read(kit_tree, row.code), call.desk.read(contentions, row.code)
    users = call.desk.read(used_in, row.code)
    document = {"sku": row.code, "atp": row.atp, "contents": tree, "contended": wanted,
                "used_in": [{"kit": kit, "units": units} for kit, units in users]}  # fmt: skip
    return Answer(document, lambda: _kit(row, tree, wanted, users))


def _kit(
    row: InventoryRow, tree: Sequence[KitNode], wanted: Sequence[Contention],
    users: Sequence[tuple[str, int]],
) -> list[str]:  # fmt: skip
    lines = [visible(f"{row.code}  {row.title}: {number(row.atp)} for sale"), ""]
    if tree:
        lines += table(
            (">In one", "SKU", "Title", ">For sale", ""),
            [
                (number(node.units), "  " * node.depth + node.sku, node.title, number(node.atp),
                 "the scarcest" if node.is_scarcest else "")
                for node in tree
            ],
        )  # fmt: skip
    lines += [f"In the kit {kit}: {number(units)} each" for kit, units in users]
    return lines + [contended(each) for each in wanted]


def contended(each: Contention) -> str:
    """Say that kits together promise more of a component than there is."""
    return (f"{counted(len(each.kits), 'kit')} want {each.sku}: {number(each.asked)} asked, "
            f"{number(each.there)} there ({', '.join(each.kits)})")  # fmt: skip


def set_kit(call: Call) -> Answer:
    """Say what is in a kit."""
    contents = summed(units_of(text) for text in call.args.contents)
    return receipt(call.desk.run("set_kit", kit=call.args.kit, contents=contents))


_FIELD = argument("--field", action="append", metavar="NAME=VALUE",
                  help=f"one of {', '.join(field.name for field in RECORD)}")  # fmt: skip
_SKU = argument("sku", metavar="SKU", help="the exact code")

COMMANDS = (
    Command("sku show", "what is kept of a SKU, and what channels call it", "sku show TEA-001",
            show_sku, (_SKU,)),
    Command("sku add", "add a SKU", "sku add TEA-009 --field title='Green tea' --field cost=4.10",
            add_sku, (_SKU, _FIELD)),
    Command("sku change", "change fields of one or many SKUs",
            "sku change --query category:tea --field supplier=Leaf --field lead_time_days=21",
            change_skus,
            (argument("skus", nargs="*", metavar="SKU", help="the exact codes"),
             argument("--query", default="", metavar="SEARCH", help="all that a search finds"), _FIELD)),
    Command("sku export", "write the catalogue as a file that imports again as it is",
            "sku export catalogue.xlsx", export_catalogue,
            (argument("file", type=Path, metavar="FILE", help="ends with .csv or .xlsx"),
             argument("--query", default="", metavar="SEARCH", help="only what a search finds"),
             argument("--kits", action="store_true", help="what is in the kits instead"))),
    Command("kit show", "what is in a kit, what limits it, and who else wants the same units",
            "kit show GIFT-SET", show_kit, (argument("kit", metavar="SKU", help="a kit or a component"),)),
    Command("kit set", "say what is in a kit; without contents it is none",
            "kit set GIFT-SET TEA-BRK-100=1 MUG-TID-012=2", set_kit,
            (argument("kit", metavar="KIT", help="the kit's own code"),
             argument("contents", nargs="*", metavar="SKU=N", help="each component and its units"))),
)  # fmt: skip
