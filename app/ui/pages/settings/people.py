"""The people at this desk, and what each is trusted with."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.roles import Role
from app.queries.settings import OperatorRow
from app.ui.pages.settings.section import House, Section, table
from app.ui.widgets.controls import button, frame
from app.ui.widgets.form import Field, Question
from app.ui.widgets.text import Elided, Text

_ROLES = {
    Role.OWNER: "Owner: may do everything",
    Role.APPROVER: "Approver: also overrides, cancels and writes off",
    Role.OPERATOR: "Operator: works on orders and stock",
    Role.VIEWER: "Viewer: looks on",
}


class PeopleSection(Section):
    """The people."""

    title = "People at this desk"

    def tool(self) -> QWidget:
        """Offer a new one."""
        return button("Add a person…", self.add_person, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List them."""
        card = frame("card")
        grid = table(("Name", "May", ""))
        for at, person in enumerate(house.people, 1):
            role = _ROLES[Role(person.role)] if person.is_active else "Does not work here any more"
            grid.addWidget(Elided(person.name, step="strong"), at, 0)
            grid.addWidget(Text(role, quiet=not person.is_active), at, 1)
            change = button("Change…", partial(self.change_person, person), kind="link",
                            name=f"Change {person.name}")  # fmt: skip
            grid.addWidget(change, at, 2)
        card.setLayout(grid)
        return card

    def add_person(self) -> None:
        """Ask for a new colleague."""
        self.page.pane.ask(Question(
            "Add a person",
            [Field("name", "Name", is_needed=True), _role_field(Role.OPERATOR)], "Add them",
            lambda v: self.page.run("add_operator", name=str(v["name"]), role=str(v["role"])),
        ))  # fmt: skip

    def change_person(self, person: OperatorRow) -> None:
        """Ask what someone is trusted with."""
        works = [(True, "Works here"), (False, "Does not work here any more")]
        self.page.pane.ask(Question(
            f"Change {person.name}",
            [_role_field(Role(person.role)), Field("is_active", "And", person.is_active, works)],
            "Change it",
            lambda v: self.page.run("change_operator", name=person.name, role=str(v["role"]),
                                is_active=bool(v["is_active"])),
        ))  # fmt: skip


def _role_field(role: Role) -> Field:
    return Field("role", "May", role.value, [(each.value, words) for each, words in _ROLES.items()])
