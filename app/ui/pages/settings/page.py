"""The page Settings: who the brand is, what routing needs to know, who may do what, safe copies."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.changes import Touched
from app.ui.pages.asking import AskingPage
from app.ui.pages.page import Shell
from app.ui.pages.settings.backups import BackupsSection
from app.ui.pages.settings.brand import BrandSection
from app.ui.pages.settings.exceptions import ExceptionsSection
from app.ui.pages.settings.folders import FoldersSection
from app.ui.pages.settings.look import LookSection
from app.ui.pages.settings.messages import MessagesSection
from app.ui.pages.settings.people import PeopleSection
from app.ui.pages.settings.places import PlacesSection
from app.ui.pages.settings.recovery import RecoverySection
from app.ui.pages.settings.report import ReportSection
from app.ui.pages.settings.returns import ReturnsSection
from app.ui.pages.settings.section import House, Section, read_house
from app.ui.pages.settings.trial import TrialSection
from app.ui.widgets.controls import across, boxed, button, down, empty_out, rule_down, scrolling
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text


class SettingsPage(AskingPage):
    """Set up the desk."""

    id = "settings"
    title = "Settings"
    icon = "settings"
    letter = ","
    interests = Touched.SETTINGS | Touched.STOCK

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.brand, self.places = BrandSection(self), PlacesSection(self)
        self.people, self.folders = PeopleSection(self), FoldersSection(self)
        self.backups, self.look = BackupsSection(self), LookSection(self)
        self.report, self.messages = ReportSection(self), MessagesSection(self)
        self.exceptions, self.recovery = ExceptionsSection(self), RecoverySection(self)
        self.returns = ReturnsSection(self)
        self._sections: tuple[Section, ...] = (
            TrialSection(self), self.brand, self.places, self.people, self.folders, self.messages, self.report,
            self.backups, self.look, self.recovery, self.returns, self.exceptions,
        )  # fmt: skip
        self._content = down(spacing=10)
        inside = boxed(down(self._content, None, margins=(24, 18, 24, 30)))
        inside.setObjectName("body")
        inside.setMinimumHeight(
            1
        )  # or Qt keeps room for all words as they stand in the narrowest column
        self.pane = DetailPane("Change a setting")
        self.pane.setFixedWidth(430)
        self.pane.asked.connect(partial(self.pane.fill, [], []))
        self.pane.answered.connect(self._calm)
        self._calm()
        steps = button("First steps…", lambda: shell.action("app.show_first_steps").trigger(),
                       hint="Brand, first orders and cut-off times, one after the other")  # fmt: skip
        head = boxed(across(Text(self.title, step="heading"), None, steps,
                            margins=(14, 8, 10, 8)))  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = rule_down()
        body = across(scrolling(inside, "Settings"), line, self.pane, spacing=0)
        body.setStretch(0, 1)
        layout = down(head, body, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def refresh(self) -> None:
        """Read what is set."""
        self.operations.ask(
            partial(read_house, self.operations.desk), then=self._show, slot=(self.id, "all")
        )

    def _calm(self) -> None:
        self.pane.fill([], [Text("Choose on the left what to change.", quiet=True)])

    def _show(self, house: House) -> None:
        self.setUpdatesEnabled(False)
        empty_out(self._content)
        for section in (each for each in self._sections if each.is_shown(house)):
            self._part(section.title, section.tool(), section.content(house))
        self.setUpdatesEnabled(True)

    def _part(self, title: str, tool: QWidget | None, content: QWidget) -> None:
        row = across(Text(title, step="heading"), None, *([tool] if tool else []))
        self._content.addLayout(row)
        self._content.addWidget(content)
        self._content.addSpacing(16)
