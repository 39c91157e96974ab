"""Documentation that names something names something real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def code_blocks(page: Path) -> list[str]:
    return re.findall(
        r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def names_in_glossary() -> set[str]:
    """Collect what stands in code font in the second column of the glossary's tables."""
    rows = re.findall(
        r"^\|[^|]*\|([^|]*)\|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE
    )
    return {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}


def map_of_app() -> set[str]:
    """Collect the entries that the map of folders shows directly below app/."""
    tree = next(block for block in code_blocks(DOCS / "architecture.md") if "\napp/\n" in block)
    below = tree.partition("\napp/\n")[2]
    return set(re.findall(r"^  (\w+(?:/|\.py)) ", below, re.MULTILINE))


def packages_of_app() -> set[str]:
    modules = {path.name for path in APP.glob("*.py")} - {"__init__.py"}
    return modules | {f"{path.parent.name}/" for path in APP.glob("*/__init__.py")}


@pytest.mark.parametrize("command", ["python3 start.py\n", "python3 start.py test\n"])
def test_each_of_the_two_commands_stands_alone_in_a_block_of_the_readme(command: str) -> None:
    assert command in code_blocks(ROOT / "README.md")


def test_the_landing_check_runs_the_readmes_own_test_command() -> None:
    assert re.search(r"^python3 start\.py test\b", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)


def test_the_map_of_folders_shows_what_is_there() -> None:
    assert map_of_app() == packages_of_app()


def test_every_word_of_the_glossary_is_a_word_of_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py"))
    classes = {name for name in names_in_glossary() if name[0].isupper()}
    others = names_in_glossary() - classes
    assert classes - set(re.findall(r"^class (\w+)", code, re.MULTILINE)) == set()
    assert others - set(re.findall(r"\w+", code)) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_decisions_are_numbered_without_gaps_and_have_the_same_parts() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        parts = re.findall(r"^\*\*([^*]+)\.\*\*", path.read_text("utf-8"), re.MULTILINE)
        assert parts == ["Decision", "Why", "What we did not do", "When to revisit"], path.name


EXPECTED = {"W": 5, "L": 8, "S": 4, "K": 4, "U": 4, "I": 5, "P": 4, "E": 4, "D": 4, "N": 2, "R": 2,
            "O": 3, "A": 3, "C": 6}  # fmt: skip


def test_the_table_of_conventions_leaves_nothing_out_and_names_real_proof() -> None:
    rows = re.findall(
        r"^\| (\w\d) \|[^|]*\| ([^|]*) \|(.*)\|$",
        (DOCS / "conventions.md").read_text("utf-8"),
        re.MULTILINE,
    )
    wanted = [f"{letter}{at}" for letter, most in EXPECTED.items() for at in range(1, most + 1)]
    assert [row[0] for row in rows] == wanted
    assert {state for _id, state, _proof in rows} <= {"holds", "seen", "in part", "not yet"}
    for what, state, proof in rows:
        named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", proof)
        assert [each for each in named if not _is_there(*each)] == [], what
        assert named or state != "holds", f"{what} holds by what?"


def _is_there(file: str, test: str) -> bool:
    """Whether a test that a page names exists, with the file that it is said to be in."""
    path = ROOT / file
    return path.exists() and (not test or f"def {test}(" in path.read_text("utf-8"))
