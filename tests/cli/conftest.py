"""The command line as a person or a script uses it: real commands on a real desk, in process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.main import run

CATALOGUE = "sku,title,on_hand\nTEA-001,Green tea,100\nMUG-BLUE,Blue mug,50\nMUG-RED,Red mug,1\nGIFT,Tea for two,\n"
KITS = "kit_sku,component_sku,quantity\nGIFT,TEA-001,2\nGIFT,MUG-BLUE,1\n"
HEAD = (
    "order_id,created_at,email,name,address1,address2,city,state,zip,country,sku,title,quantity,"
    "unit_price,currency,note\n"
)


def line(number: str, sku: str, quantity: object = 1, name: str = "Ada Example") -> str:
    """Return a row of the own store's order file."""
    quoted = '"' + name.replace('"', '""') + '"'
    return (
        f"{number},2025-11-21T15:14:00Z,ada@example.com,{quoted},1 Lane,,Cambridge,MA,02138,US,"
        f"{sku},Title,{quantity},10.00,USD,\n"
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


class Door:
    """The command line, on one store in the test's own folder."""

    def __init__(self, folder: Path, capture: Callable[[], tuple[str, str]]) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'desk.db'}"
        self._capture = capture

    def __call__(self, *words: str) -> Said:
        """Run a command and return what it said."""
        self._capture()
        status = run(["--db", self.url, *words])
        return Said(status, *self._capture())

    def json(self, *words: str, status: int = 0) -> Any:
        """Run a command with ``--json`` and return its document."""
        said = self(*words, "--json")
        assert said.status == status, said
        return said.document

    def file(self, name: str, text: str) -> str:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def take_in(self, *rows: str, name: str = "orders.csv") -> Said:
        """Import rows of the own store's order file."""
        return self("import", self.file(name, HEAD + "".join(rows)))


@pytest.fixture
def door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    """Open the command line on an empty desk."""

    def capture() -> tuple[str, str]:
        captured = capsys.readouterr()
        return captured.out, captured.err

    return Door(tmp_path, capture)


@pytest.fixture
def stocked(door: Door) -> Door:
    """Open it on a desk with a catalogue, a kit and stock."""
    files = door.file("catalogue.csv", CATALOGUE), door.file("kits.csv", KITS)
    assert door("import", *files).status == 0
    return door


@pytest.fixture
def busy(stocked: Door) -> Door:
    """Open it on a desk with four orders: plain, kit, short, unknown code."""
    rows = (line("W-1", "TEA-001", 2), line("W-2", "GIFT"), line("W-3", "MUG-RED", 9),
            line("W-4", "NO-SUCH"))  # fmt: skip
    assert stocked.take_in(*rows).status == 0
    return stocked
