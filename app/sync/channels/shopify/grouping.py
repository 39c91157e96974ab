"""Which rows of a Shopify export belong to which order?

Name is a label that the merchant may edit, and two orders may share it; Id tells them apart. A row
without the order's own columns continues the last order of that name above it.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter

from app.sync.files.orders import Group
from app.sync.files.sheet import CellError, Sheet

_OWN_COLUMNS = (
    "financial status",
    "fulfillment status",
    "id",
    "total",
    "subtotal",
    "shipping name",
)


def group_orders(sheet: Sheet) -> list[Group]:
    """Group the rows by order; the order's own row stands first in its group."""
    name_at, id_at = sheet.place("name"), sheet.place("id")
    currency_at = sheet.place("currency")
    own_cells = itemgetter(*map(sheet.place, _OWN_COLUMNS))
    groups: dict[tuple[str, str], Group] = {}
    latest: dict[str, Group] = {}
    orphans: list[int] = []
    starts: dict[int, list[int]] = {}
    for at, cells in enumerate(sheet.rows):
        name = cells[name_at].strip()
        if cells[currency_at] or any(own_cells(cells)):
            key = (cells[id_at].strip(), "") if cells[id_at] else ("", name)
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group(name)
            else:
                starts.setdefault(id(group), [0]).append(len(group.at))
            latest[name] = group
            group.at.append(at)
        elif name in latest:
            latest[name].at.append(at)
        else:
            orphans.append(at)
    for group in groups.values():
        if id(group) in starts:
            _merge_repeats(sheet, group, starts[id(group)])
    return [*groups.values(), *_adopted(sheet, orphans, latest, name_at)]


def _adopted(
    sheet: Sheet, orphans: list[int], latest: dict[str, Group], name_at: int
) -> list[Group]:
    """Give rows that stand above their order to it; the others are orders without a beginning."""
    incomplete: dict[str, Group] = {}
    for at in orphans:
        cells = sheet.rows[at]
        name = cells[name_at].strip()
        if name in latest:
            latest[name].at.append(at)
            continue
        group = incomplete.setdefault(name, Group(name))
        why = (
            "the first row of this order, with its address and amounts, is not in the file. "
            "Export the order again, whole."
        )
        group.fault = group.fault or CellError("INCOMPLETE_ORDER", cells, name_at, why)
        group.at.append(at)
    return list(incomplete.values())


def _merge_repeats(sheet: Sheet, group: Group, starts: list[int]) -> None:
    """Settle an order that begins more than once in the file.

    The same block again is one order. Rows that all repeat the order's own columns are its lines
    (someone filled them down). Anything else contradicts itself.
    """
    bounds = [*starts, len(group.at)]
    blocks = [group.at[a:b] for a, b in pairwise(bounds)]
    texts = [[sheet.rows[i] for i in block] for block in blocks]
    if all(x == texts[0] for x in texts[1:]):
        sheet.notices["DUPLICATE_ROW_COLLAPSED"] = None
        group.at = blocks[0]
        return
    own = [i for x, i in sheet.places.items() if not x.startswith("lineitem") and x != "vendor"]
    heads = [[x[0][i] for i in own] for x in texts]
    if any(x != heads[0] for x in heads[1:]):
        why = (
            "this order stands in the file more than once with different content. "
            "Keep the right rows, or export it again."
        )
        place = sheet.place("name")
        group.fault = CellError("CONFLICTING_LINES", sheet.rows[blocks[1][0]], place, why)
