"""The folders whose files come in by themselves."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.pages.settings.section import House, Section, table
from app.ui.widgets.controls import button, down, frame
from app.ui.widgets.text import Elided, Text


class FoldersSection(Section):
    """The watched folders."""

    title = "Folders whose files come in by themselves"

    def tool(self) -> QWidget:
        """Offer a new one."""
        return button("Watch a folder…", self.add_folder, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List them."""
        folders = house.folders
        card = frame("card")
        if not folders:
            card.setLayout(down(Text("Point this at the folder that a marketplace's scheduled "
                                     "downloads go to, and orders arrive while the desk is open.",
                                     quiet=True, wraps=True), margins=(16, 12, 14, 12)))  # fmt: skip
            return card
        grid = table(("Folder", ""))
        for at, name in enumerate(folders, 1):
            grid.addWidget(Elided(name, step="strong"), at, 0)
            leave = button("Leave alone", partial(self.page.run, "stop_watching", folder=name),
                           kind="link", name=f"Leave {name} alone")  # fmt: skip
            grid.addWidget(leave, at, 1)
        card.setLayout(grid)
        return card

    def add_folder(self) -> None:
        """Ask which folder to watch."""
        name = QFileDialog.getExistingDirectory(self.page.pane, "Watch a folder")
        if name:
            self.page.run("watch_folder", folder=name)
