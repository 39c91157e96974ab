"""Does everything that is refused say what was not done and what to do, in words without blame?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app import errors

APP = Path(__file__).resolve().parent.parent / "app"
BLAME = re.compile(
    r"\b(error|failed|failure|illegal|invalid|exception|traceback|null)\b", re.IGNORECASE
)
REFUSALS = {
    name for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.DeskError)
}  # fmt: skip
SPOKEN = {"complain", "Banner", "Problem", "tell", "say"}


@dataclass(frozen=True)
class Said:
    """One message in the code."""

    where: str
    title: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.title}"


def words(node: ast.expr | None) -> str:
    """Return the words of a text in the code; what is filled in reads as "…"."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            words(part) if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    if isinstance(node, ast.BinOp):
        return words(node.left) + words(node.right)
    return "…"


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def calls(names: set[str]) -> Iterator[Said]:
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) in names and node.args:
                named = {each.arg: each.value for each in node.keywords}
                more = node.args[1] if len(node.args) > 1 else named.get("advice")
                where = f"{path.relative_to(APP)}:{node.lineno}"
                yield Said(where, words(node.args[0]), words(more) if more else "")


def test_messages_are_found_at_all() -> None:
    assert len(list(calls(REFUSALS))) > 50


def test_no_message_blames() -> None:
    said = calls(REFUSALS | SPOKEN)
    assert [str(each) for each in said if BLAME.search(f"{each.title} {each.advice}")] == []


def test_every_refusal_says_what_to_do_next() -> None:
    written = [
        each for each in calls(REFUSALS) if each.title != "…"
    ]  # others carry one in themselves
    assert [str(each) for each in written if not each.advice.strip()] == []
