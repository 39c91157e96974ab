"""Are the manual's pages on the command line and on searching what these really are?"""

from __future__ import annotations

from pathlib import Path

from app.cli import search_manual
from app.cli.manual import page

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "command-line.md"


def test_the_page_on_the_command_line_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/write_command_table"


def test_the_page_on_searching_is_up_to_date() -> None:
    written = (DOCS / "search.md").read_text(encoding="utf-8")
    assert written == search_manual.page(), "run scripts/write_search_page"
