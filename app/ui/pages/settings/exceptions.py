"""The exception matrix: who decides each kind of case, until when, and what happens if nobody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.cases import CaseKind, Severity
from app.domain.casework.kinds import TEMPLATES
from app.domain.casework.matrix import MOST_STEPS, Default, Row, Step, Tool, as_said, row_from
from app.errors import RefusedError
from app.ui import statuses
from app.ui.pages.settings.section import House, Section, above, table
from app.ui.widgets.controls import boxed, button, down, frame
from app.ui.widgets.form import Field, Question
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import count_of

_BY_ITSELF = {
    Default.NOTHING: "Nothing: a person decides",
    Default.HOLD: "Put the order on hold",
    Default.KEEP_NUMBERS: "Leave the channel with its numbers",
    Default.PUT_ASIDE: "Put it aside until it changes",
}
_TOOLS = {
    Tool.ORDER: "The order", Tool.SKU: "The product", Tool.CHANNELS: "Channels",
    Tool.SHIPMENTS: "Shipments", Tool.MISMATCHES: "The report of mismatches", Tool.RULES: "Rules",
    Tool.FILES: "The file",
}  # fmt: skip


class ExceptionsSection(Section):
    """A row for each kind."""

    title = "What is done about exceptions"

    def tool(self) -> QWidget:
        """Offer an earlier version."""
        return button("Restore a version…", self.ask_version, icon_name="undo")

    def content(self, house: House) -> QWidget:
        """List the kinds with what is said of them."""
        self._house = house
        card = frame("card")
        grid = table(("What is wrong", "How bad", "Whose", "To be decided", ""))
        for at, (kind, row) in enumerate(house.matrix.rows.items(), 1):
            title, count = TEMPLATES[kind].title, house.open_cases.get(kind.value, 0)
            waits = f"{count} open · " if count else ""
            change = button("Change…", partial(self.ask, kind), kind="link", name=f"Change “{title}”")  # fmt: skip
            ladder = button("Ladder…", partial(self.ask_ladder, kind), kind="link",
                            name=f"Change the ladder of “{title}”")  # fmt: skip
            for column, part in enumerate((
                above(title, f"{waits}if nobody decides {_climbs(row)}"),
                PillLabel(statuses.SEVERITIES[row.severity]), Text(row.owner),
                Text(_until(row)).hint(_until_in_full(row)),
                boxed(down(change, ladder, spacing=0)),
            )):  # fmt: skip
                grid.addWidget(part, at, column)
        version = f"Version {house.matrix.version}. Each version is kept; undo takes one back."
        grid.addWidget(Text(version, quiet=True, step="small"), len(house.matrix.rows) + 1, 0, 1, 5)
        card.setLayout(grid)
        return card

    def ask(self, kind: CaseKind) -> None:
        """Ask what is to be said of a kind."""
        row, count = self._house.matrix.rows[kind], self._house.open_cases.get(kind.value, 0)
        said = as_said(row)
        self.page.pane.ask(Question(
            TEMPLATES[kind].title,
            [
                Field("severity", "How bad", said["severity"], [(each.value, statuses.SEVERITIES[each].text) for each in Severity]),
                Field("owner", "Whose", row.owner, is_needed=True),
                Field("before", "Hours before it is due", row.before),
                Field("within", "Hours if nothing is due", row.within),
                Field("default", "The desk itself", said["default"], [(each.value, words) for each, words in _BY_ITSELF.items()]),
                Field("tool", "Settled with", said["tool"], [(each.value, words) for each, words in _TOOLS.items()]),
                Field("impact", "What it means", row.impact, is_needed=True),
                Field("note", "How it is done", row.note, is_needed=True),
            ],
            "Save this version", partial(self._save, kind),
            note=f"{count_of(count, 'open case')} will follow it." if count else "No case of this kind is open.",
            preview_of=partial(self._preview, kind),
        ))  # fmt: skip

    def ask_ladder(self, kind: CaseKind) -> None:
        """Ask who gets it, step by step, once its time to decide is over."""
        ladder = self._house.matrix.rows[kind].ladder
        self.page.pane.ask(Question(
            f"If nobody decides: {TEMPLATES[kind].title}",
            [each for at in range(MOST_STEPS) for each in _step_fields(at, ladder)],
            "Save this version", lambda values: self._save(kind, _ladder_of(values)),
            note="Hours are counted from when it was to be decided. A step that is nobody's is left out.",
            preview_of=lambda values: self._preview(kind, _ladder_of(values)),
        ))  # fmt: skip

    def _preview(self, kind: CaseKind, values: Mapping[str, Any]) -> str:
        """Say what would be different, answer by answer, before anything is."""
        before = self._house.matrix.rows[kind]
        try:
            then = as_said(row_from(kind, dict(values), before))
        except RefusedError as refused:
            return refused.title.partition(";")[0] + "."
        now = as_said(before)
        changed = [f"{_NAMES[name]}: {_said(name, now[name])} → {_said(name, then[name])}"
                   for name in _NAMES if now[name] != then[name]]  # fmt: skip
        return "\n".join(changed) or "Nothing is different yet."

    def _save(self, kind: CaseKind, values: Mapping[str, Any]) -> None:
        self.page.run(
            "save_matrix", rows={kind.value: dict(values)}, based_on=self._house.matrix.version
        )

    def ask_version(self) -> None:
        """Ask which version is to count again."""
        newest = self._house.matrix.version
        offered = [
            (at, f"Version {at}" if at else "As it was delivered") for at in range(newest, -1, -1)
        ]
        self.page.pane.ask(Question(
            "Restore a version", [Field("version", "Which", max(0, newest - 1), offered)], "Restore it",
            lambda v: self.page.run("restore_matrix", version=int(str(v["version"]))),
            note="It becomes the newest version; open cases follow it.",
        ))  # fmt: skip


_NAMES = {
    "severity": "How bad", "owner": "Whose", "before": "Hours before it is due",
    "within": "Hours if nothing is due", "ladder": "If nobody decides", "default": "The desk itself",
    "tool": "Settled with", "impact": "What it means", "note": "How it is done",
}  # fmt: skip


def _said(name: str, value: Any) -> str:
    """Say an answer in the words of the form."""
    if name == "severity":
        return statuses.SEVERITIES[Severity(value)].text
    if name == "default":
        return _BY_ITSELF[Default(value)]
    if name == "tool":
        return _TOOLS[Tool(value)]
    return "; ".join(value) if isinstance(value, list) else str(value)


def _step_fields(at: int, ladder: Sequence[Step]) -> list[Field]:
    """Return what is asked about one step of a ladder."""
    usual = Step(24 * at, "", Severity.HIGH)
    step, which = ladder[at] if at < len(ladder) else usual, _STEPS[at]
    return [
        Field(f"owner_{at}", f"{which} it is", step.owner, placeholder="nobody's"),
        Field(f"hours_{at}", "After so many hours", step.hours),
        Field(f"severity_{at}", "How bad", step.severity.value,
              [(each.value, statuses.SEVERITIES[each].text) for each in Severity]),
    ]  # fmt: skip


_STEPS = ("First", "Then", "Then", "At last")


def _ladder_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the steps that are somebody's, as the matrix writes them."""
    steps = [
        Step(int(str(values[f"hours_{at}"])), str(values[f"owner_{at}"]).strip(),
             Severity(str(values[f"severity_{at}"])))
        for at in range(MOST_STEPS)
    ]  # fmt: skip
    return {"ladder": [step.words for step in steps if step.owner]}


def _until(row: Row) -> str:
    return f"{row.before} h before due" if row.before else f"within {row.within} h"


def _until_in_full(row: Row) -> str:
    return f"{row.before} hours before it is due; within {row.within} hours where nothing is due"


def _climbs(row: Row) -> str:
    steps = "; ".join(step.words for step in row.ladder)
    return (
        steps if row.default is Default.NOTHING else f"{steps}; {_BY_ITSELF[row.default].lower()}"
    )
