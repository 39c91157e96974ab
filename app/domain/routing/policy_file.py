"""The routing policy as a text file: one decision a line, so that two versions can be compared.

It is TOML. Money is minor units (cents), shares are basis points, days and times are quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.domain.toml_text import pairs, quoted, read_toml, written
from app.errors import RefusedError

_TOP: Final = ("objectives", "packaging", "carriers_rest")
_LISTS: Final = ("held", "substitutes")
_ABOUT: Final = """\
# How orders are routed. Money is in minor units (cents), shares in basis points (1500 is 15 %).
# objectives: promise, money (once with a tolerance: "money within 50"), parcels, distance, ranking.
# channels: fee_bp, split, late_ship, late_delivery, late_day, unfilled, backorder, backorder_loss_bp,
#   levels (services that may be used instead of a slower one). locations: pickup, handling_days, line,
#   unit, fragile_unit, rank (1 is best), slots_on (parcels of single days), channels (only for these).
# held: units of a SKU at a location for one channel. substitutes: approved_by is who allowed it; empty: nobody yet.
"""


def policy_text(body: Mapping[str, Any]) -> str:
    """Return the policy as it is written; lists that are empty are said to be."""
    lines = [f"{name} = {written(body[name])}" for name in _TOP]
    lines += [f"{name} = []" for name in _LISTS if not body[name]]
    for part in ("channels", "locations"):
        for code, row in body[part].items():
            lines += ["", f"[{part}.{quoted(code)}]", *pairs(row)]
    for name in _LISTS:
        for row in body[name]:
            lines += ["", f"[[{name}]]", *pairs(row)]
    return _ABOUT + "\n".join(lines) + "\n"


def policy_from(text: str) -> dict[str, Any]:
    """Read what a file says; channels and locations that it does not name say nothing special.

    Raises:
        RefusedError: it is no such file.
    """
    try:
        said = read_toml(text)
    except ValueError as error:
        raise RefusedError(f"The file cannot be read: {error}; nothing was changed.",
                           "“orderdeck routing export” writes one.") from error  # fmt: skip
    whole = any(name in said for name in (*_TOP, *_LISTS))
    return {**({"channels": {}, "locations": {}} if whole else {}), **said}
