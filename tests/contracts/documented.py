"""What does WooCommerce's documentation allow in a request? It has tables in place of a description."""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import parse_qsl, urlencode

from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Shop
from tests.contracts.reference import CONTRACTS

_API = "/wp-json/wc/v3"
# Which page describes an address: the first whose pattern fits.
_PAGES = (
    (r"/orders/\d+/notes", "_order-notes.md"),
    (r"/orders(/\d+)?", "_orders.md"),
    (r"/products/\d+/variations(/batch)?", "_product-variations.md"),
    (r"/products(/batch)?", "_products.md"),
)
_ROW = re.compile(
    r"^\|\s*`(?P<name>[a-z_]+)`\s*\|\s*(?P<kind>[a-z]+)\s*\|(?P<words>.*)", re.MULTILINE
)
_KINDS = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict}


class Documented:
    """Holds every exchange against the tables of the page for its address."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.seen: set[str] = set()

    def __call__(self, _shop: Shop, operation: str, asked: Asked, reply: Reply) -> None:
        self.seen.add(operation)
        path = asked.path.removeprefix(_API)
        page = next((name for pattern, name in _PAGES if re.fullmatch(pattern, path)), "")
        if not page:
            self.problems.append(f"no page has {asked.method} {asked.path}")
            return
        for name in dict(parse_qsl(urlencode(asked.query))):
            if name not in _parameters(page):
                self.problems.append(f"{page} has no parameter {name!r}")
        self._body(page, path, asked)

    def _body(self, page: str, path: str, asked: Asked) -> None:
        if asked.method not in ("POST", "PUT"):
            return
        told = json.loads(asked.body)
        rows = told["update"] if path.endswith("/batch") else [told]
        known = _properties(page)
        for name, value in ((k, v) for row in rows for k, v in row.items()):
            kind = known.get(name)
            if kind is None:
                self.problems.append(f"{page} lets nobody write {name!r}")
            elif not isinstance(value, _KINDS[kind]):
                self.problems.append(f"{page} wants {name!r} as {kind}")


@cache
def _text(page: str) -> str:
    return (CONTRACTS / "woocommerce/docs" / page).read_text(encoding="utf-8")


def _parameters(page: str) -> set[str]:
    """Return the parameters of lists."""
    _, _, rest = _text(page).partition("#### Available parameters ####")
    return {x["name"] for x in _ROW.finditer(rest)}


def _properties(page: str) -> dict[str, str]:
    """Return what may be written, by name with its kind; an id names what is written to."""
    first = _text(page).partition("\n## ")[2].partition("\n### ")[0]
    rows = [x for x in _ROW.finditer(first) if x["name"] == "id" or "read-only" not in x["words"]]
    return {x["name"]: x["kind"] for x in rows}
