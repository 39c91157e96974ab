"""The page Settings: what routing needs to know of each place, who may do what, light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from app.domain.changes import Changes, Touched
from app.domain.roles import Role
from app.queries.inventory import LocationRow, location_rows
from app.queries.settings import OperatorRow, operator_rows
from app.services.desk import Desk
from app.services.watched import watched_folders
from app.ui import receipts
from app.ui.operations import Problem
from app.ui.pages.page import Page, Shell
from app.ui.theme import MODES
from app.ui.widgets.controls import (
    across,
    boxed,
    button,
    down,
    empty_out,
    frame,
    rule_down,
    scrolling,
)
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Elided, Text
from app.ui.words import NotMoneyError, count_of, minor_units, money, plain_amount

CURRENCY = "USD"
_ROLES = {
    Role.OWNER: "Owner: may do everything",
    Role.APPROVER: "Approver: also overrides, cancels and writes off",
    Role.OPERATOR: "Operator: works on orders and stock",
    Role.VIEWER: "Viewer: looks on",
}
_THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class House:
    """What the page shows."""

    places: Sequence[LocationRow]
    people: Sequence[OperatorRow]
    folders: Sequence[str]


def read_house(desk: Desk) -> House:
    """Read the places, the people and the watched folders."""
    return House(desk.read(location_rows), desk.read(operator_rows), desk.read(watched_folders))


class SettingsPage(Page):
    """Set up the desk."""

    id = "settings"
    title = "Settings"
    icon = "settings"
    letter = ","
    interests = Touched.SETTINGS | Touched.STOCK

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._content = down(spacing=10)
        inside = boxed(down(self._content, None, margins=(24, 18, 24, 30)))
        inside.setObjectName("body")
        self.pane = DetailPane("Change a setting")
        self.pane.setFixedWidth(430)
        self.pane.answered.connect(self._calm)
        self._calm()
        head = boxed(across(Text(self.title, step="heading"), None, margins=(14, 11, 12, 11)))
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = rule_down()
        body = across(scrolling(inside, "Settings"), line, self.pane, spacing=0)
        body.setStretch(0, 1)
        layout = down(head, body, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def refresh(self) -> None:
        """Read the places and the people."""
        self.operations.ask(
            partial(read_house, self.operations.desk), then=self._show, slot=(self.id, "all")
        )

    def _calm(self) -> None:
        self.pane.fill([], [Text("Choose on the left what to change.", quiet=True)])

    # ---- showing --------------------------------------------------------------------------------

    def _show(self, house: House) -> None:
        self.setUpdatesEnabled(False)
        empty_out(self._content)
        add_place = button("Add a place…", self.add_place, icon_name="plus")
        self._part("Places that keep and ship stock", add_place, self._places(house.places))
        add_person = button("Add a person…", self.add_person, icon_name="plus")
        self._part("People at this desk", add_person, self._people(house.people))
        add_folder = button("Watch a folder…", self.add_folder, icon_name="plus")
        self._part("Folders whose files come in by themselves", add_folder,
                   self._folders(house.folders))  # fmt: skip
        self._part("Look", None, self._themes())
        self.setUpdatesEnabled(True)

    def _part(self, title: str, tool: QWidget | None, content: QWidget) -> None:
        row = across(Text(title, step="heading"), None, *([tool] if tool else []))
        self._content.addLayout(row)
        self._content.addWidget(content)
        self._content.addSpacing(16)

    def _places(self, places: Sequence[LocationRow]) -> QWidget:
        card = frame("card")
        grid = _grid(("Name", "Code", "ZIP", "Leaves until", "Handling an order", "In stock", ""))
        for at, place in enumerate(places, 1):
            words = [place.name, place.code, place.postcode or "not set", place.cut_off,
                     money(place.handling_cost, CURRENCY), count_of(place.on_hand, "unit")]  # fmt: skip
            grid.addWidget(Elided(words[0], step="strong"), at, 0)
            for column, text in enumerate(words[1:], 1):
                grid.addWidget(Text(text, quiet=column == 1), at, column)
            change = button("Change…", partial(self.change_place, place), kind="link",
                            name=f"Change {place.name}")  # fmt: skip
            grid.addWidget(change, at, 6)
        card.setLayout(grid)
        return card

    def _people(self, people: Sequence[OperatorRow]) -> QWidget:
        card = frame("card")
        grid = _grid(("Name", "May", ""))
        for at, person in enumerate(people, 1):
            role = _ROLES[Role(person.role)] if person.is_active else "Does not work here any more"
            grid.addWidget(Elided(person.name, step="strong"), at, 0)
            grid.addWidget(Text(role, quiet=not person.is_active), at, 1)
            change = button("Change…", partial(self.change_person, person), kind="link",
                            name=f"Change {person.name}")  # fmt: skip
            grid.addWidget(change, at, 2)
        card.setLayout(grid)
        return card

    def _folders(self, folders: Sequence[str]) -> QWidget:
        card = frame("card")
        if not folders:
            card.setLayout(down(Text("Point this at the folder that a marketplace's scheduled "
                                     "downloads go to, and orders arrive while the desk is open.",
                                     quiet=True), margins=(16, 12, 14, 12)))  # fmt: skip
            return card
        grid = _grid(("Folder", ""))
        for at, name in enumerate(folders, 1):
            grid.addWidget(Elided(name, step="strong"), at, 0)
            leave = button("Leave alone", partial(self._run, "stop_watching", folder=name),
                           kind="link", name=f"Leave {name} alone")  # fmt: skip
            grid.addWidget(leave, at, 1)
        card.setLayout(grid)
        return card

    def _themes(self) -> QWidget:
        made = []
        for mode in MODES:
            each = button(_THEMES[mode], partial(self._choose_theme, mode), kind="tab")
            each.setCheckable(True)
            each.setChecked(mode == self.shell.theme_mode())
            made.append(each)
        return boxed(across(*made, None, spacing=4))

    def _choose_theme(self, mode: str) -> None:
        self.shell.set_theme(mode)
        self.make_stale()

    # ---- asking ---------------------------------------------------------------------------------

    def add_place(self) -> None:
        """Ask for a new place."""
        fields = [
            Field("code", "Code", placeholder="One short word, such as GARAGE", is_needed=True)
        ]
        self.pane.ask(Question(
            "Add a place", [*fields, *_place_fields()], "Add it",
            lambda values: self._save_place("add_location", values, {"code": values["code"]}),
        ))  # fmt: skip

    def change_place(self, place: LocationRow) -> None:
        """Ask what is different about a place."""
        self.pane.ask(Question(
            f"Change {place.name}", _place_fields(place), "Change it",
            lambda values: self._save_place("change_location", values, {"code": place.code}),
            note="What is suggested from here is worked out anew.",
        ))  # fmt: skip

    def _save_place(self, operation: str, values: Values, named: dict[str, Any]) -> None:
        try:
            cost = minor_units(str(values["handling_cost"]), CURRENCY)
        except NotMoneyError as error:
            self._refused(Problem(str(error), ""))
            return
        said = {key: values[key] for key in ("name", "postcode", "cut_off", "time_zone", "ships")}
        fields = {**said, "handling_cost": cost}
        if operation == "change_location":
            self._run(operation, changes=fields, **named)
        else:
            self._run(operation, **fields, **named)

    def add_folder(self) -> None:
        """Ask which folder to watch."""
        name = QFileDialog.getExistingDirectory(self, "Watch a folder")
        if name:
            self._run("watch_folder", folder=name)

    def add_person(self) -> None:
        """Ask for a new colleague."""
        self.pane.ask(Question(
            "Add a person",
            [Field("name", "Name", is_needed=True), _role_field(Role.OPERATOR)], "Add them",
            lambda v: self._run("add_operator", name=str(v["name"]), role=str(v["role"])),
        ))  # fmt: skip

    def change_person(self, person: OperatorRow) -> None:
        """Ask what someone is trusted with."""
        works = [(True, "Works here"), (False, "Does not work here any more")]
        self.pane.ask(Question(
            f"Change {person.name}",
            [_role_field(Role(person.role)), Field("is_active", "And", person.is_active, works)],
            "Change it",
            lambda v: self._run("change_operator", name=person.name, role=str(v["role"]),
                                is_active=bool(v["is_active"])),
        ))  # fmt: skip

    def _run(self, operation: str, **named: Any) -> None:
        self.operations.run(operation, then=self._done, otherwise=self._refused, **named)

    def _done(self, changes: Changes) -> None:
        self.pane.close_question()
        self.shell.say(receipts.done(changes), can_undo=bool(changes.undo and changes.done))

    def _refused(self, problem: Problem) -> None:
        if self.pane.form is not None:
            self.pane.form.complain(f"{problem.title} {problem.advice}".strip())
        else:
            self.shell.complain(problem.title, problem.advice)


def _role_field(role: Role) -> Field:
    return Field("role", "May", role.value, [(each.value, words) for each, words in _ROLES.items()])


def _place_fields(place: LocationRow | None = None) -> list[Field]:
    """Return what is asked about a place, filled in with what is known."""
    ships = [(True, "Ships orders"), (False, "Only keeps stock")]
    return [
        Field("name", "Name", place.name if place else "", is_needed=True),
        Field("postcode", "ZIP", place.postcode if place else "", placeholder="Postage depends on it"),
        Field("cut_off", "Leaves until", place.cut_off if place else "14:00",
              placeholder="Later orders leave the next working day"),
        Field("handling_cost", "Handling an order",
              plain_amount(place.handling_cost if place else 0, CURRENCY),
              placeholder="What packing one order costs you"),
        Field("time_zone", "Time zone", place.time_zone if place else "America/New_York"),
        Field("ships", "And", place.ships if place else True, ships),
    ]  # fmt: skip


def _grid(titles: Sequence[str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 14, 12)
    grid.setHorizontalSpacing(22)
    grid.setVerticalSpacing(9)
    grid.setColumnStretch(0, 1)
    for column, title in enumerate(titles):
        grid.addWidget(Text(title, quiet=True, step="small"), 0, column)
    return grid
