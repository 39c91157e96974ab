"""What is a part of Settings, and what may it ask of the page around it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.recovering.matrix import Matrix as RecoveryMatrix
from app.domain.returning.policy import ReturnPolicy
from app.queries.inbox.matrix import Matrix, matrix_now, open_by_kind
from app.queries.inventory import LocationRow, location_rows
from app.queries.messages import MessageSettings, message_settings
from app.queries.overview import has_demo, is_empty
from app.queries.settings import Brand, OperatorRow, brand, operator_rows
from app.services.backup_schedule import Kept, Schedule, kept_backups, schedule
from app.services.costs.policy import rates
from app.services.desk import Desk
from app.services.mismatching.schedule import report_time
from app.services.recovering.weighing import in_force as recovery_matrix
from app.services.returning.policy import in_force as return_policy
from app.services.watched import watched_folders
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.controls import boxed, down, frame
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Elided, Text


@dataclass(frozen=True, slots=True)
class House:
    """What the page shows."""

    brand: Brand
    places: Sequence[LocationRow]
    people: Sequence[OperatorRow]
    folders: Sequence[str]
    schedule: Schedule
    backups: Sequence[Kept]
    report_time: str
    messages: MessageSettings
    matrix: Matrix
    open_cases: Mapping[str, int]
    recovery: RecoveryMatrix
    returns: ReturnPolicy
    currency: str
    is_empty: bool = False
    has_demo: bool = False


def read_house(desk: Desk) -> House:
    """Read everything that Settings shows."""
    wanted = desk.read(schedule)
    return House(
        desk.read(brand), desk.read(location_rows), desk.read(operator_rows),
        desk.read(watched_folders), wanted, kept_backups(desk.store, wanted),
        desk.read(report_time),
        desk.read(message_settings), desk.read(matrix_now), desk.read(open_by_kind), desk.read(recovery_matrix),
        desk.read(return_policy),
        desk.read(rates).rates.currency, desk.read(is_empty), desk.read(has_demo),
    )  # fmt: skip


class Around(Asker, Protocol):
    """The page, as its parts see it."""

    pane: DetailPane
    shell: Shell

    def make_stale(self) -> None:
        """Read again soon."""


class Section:
    """One part of Settings: what is set, and the questions that change it."""

    title = ""

    def __init__(self, page: Around) -> None:
        self.page = page

    def is_shown(self, house: House) -> bool:
        """Return whether there is anything to set here."""
        return True

    def tool(self) -> QWidget | None:
        """Return the button beside the title, if there is one."""
        return None

    def content(self, house: House) -> QWidget:
        """Return what is set now."""
        raise NotImplementedError


def table(titles: Sequence[str]) -> QGridLayout:
    """Return a table of settings with its titles."""
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 14, 12)
    grid.setHorizontalSpacing(22)
    grid.setVerticalSpacing(9)
    grid.setColumnStretch(0, 1)
    for column, title in enumerate(titles):
        grid.addWidget(Text(title, quiet=True, step="small"), 0, column)
    return grid


def above(title: str, words: str) -> QWidget:
    """Return what a row is called, and below it what is said of it; what has no room shows when asked."""
    return boxed(
        down(Elided(title, step="strong"), Elided(words, quiet=True, step="small"), spacing=1)
    )


def facts(rows: Sequence[tuple[str, str]]) -> QWidget:
    """Return what is set as (label, words); what is not set is said."""
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 14, 12)
    grid.setHorizontalSpacing(22)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for at, (label, words) in enumerate(rows):
        grid.addWidget(Text(label, quiet=True), at, 0)
        grid.addWidget(Text(words or "not set", wraps=True, quiet=not words), at, 1)
    card = frame("card")
    card.setLayout(grid)
    return card
