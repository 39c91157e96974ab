"""Is the manual's page on the command line what the commands are?"""

from __future__ import annotations

from pathlib import Path

from app.cli.manual import page

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"


def test_the_page_on_the_command_line_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/write_command_table"
