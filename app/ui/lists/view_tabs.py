"""The views of a page in its head: tabs with counts as far as there is room, all of them in a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from app.ui.icons import icon
from app.ui.lists.views import View
from app.ui.widgets.controls import button
from app.ui.words import literal_tooltip, number

GAP = 2
CHANGED = "•"


class ViewTabs(QWidget):
    """Tabs of the views that are offered in front, and the menu of all."""

    chosen = Signal(str)

    def __init__(self, name: str, fill_menu: Callable[[QMenu], object]) -> None:
        super().__init__()
        self._views: tuple[View, ...] = ()
        self._counts: Mapping[str, int | None] = {}
        self._current = ""
        self._is_changed = False
        self._fill_menu = fill_menu
        self.tabs: dict[str, QPushButton] = {}
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._open_menu)
        self.more = button("Views", kind="tab", name=f"Views of {name}", icon_name="expand",
                           hint="All views, and what can be done with them")  # fmt: skip
        self.more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.more.setParent(self)
        self.more.clicked.connect(self._drop_down)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ---- what is shown --------------------------------------------------------------------------

    def offer(self, views: Sequence[View]) -> None:
        """Offer these views; those that are pinned have a tab."""
        self._views = tuple(views)
        for tab in self.tabs.values():
            tab.hide()
            tab.deleteLater()
        self.tabs = {view.key: self._tab(view) for view in views if view.is_pinned}
        self._say()

    def _tab(self, view: View) -> QPushButton:
        made = button(view.title, partial(self._choose, view.key), kind="tab", hint=view.hint)
        made.setCheckable(True)
        made.setParent(self)
        made.show()
        return made

    def _choose(self, key: str) -> None:
        self._check()  # a click unchecks the tab that is shown: it stays so
        self.chosen.emit(key)

    def count(self, counts: Mapping[str, int | None]) -> None:
        """Show how many rows each view has; a view that cannot be read has none to show."""
        self._counts = counts
        self._say()

    def show_current(self, key: str, *, is_changed: bool) -> None:
        """Mark the view that is shown, and whether it was changed and not saved."""
        self._current, self._is_changed = key, is_changed
        self._say()

    def title_of(self, view: View) -> str:
        """Return what a view is called, with its count and whether it was changed."""
        count = self._counts.get(view.key)
        mark = f" {CHANGED}" if self._is_changed and view.key == self._current else ""
        return view.title + mark + (f"  {number(count)}" if count is not None else "")

    def _say(self) -> None:
        for view in self._views:
            if view.key in self.tabs:
                self._say_of(view, self.tabs[view.key])
        self._check()
        self._place()

    def _say_of(self, view: View, tab: QPushButton) -> None:
        count = self._counts.get(view.key)
        is_changed = self._is_changed and view.key == self._current
        tab.setText(self.title_of(view))
        parts = [view.title, *([str(count)] if count is not None else [])]
        tab.setAccessibleName(", ".join([*parts, *(["changed, not saved"] if is_changed else [])]))
        hint = f"{view.hint}\nChanged, not saved: see the menu Views." if is_changed else view.hint
        tab.setToolTip(literal_tooltip(hint))

    def _check(self) -> None:
        for key, tab in self.tabs.items():
            tab.setChecked(key == self._current)

    # ---- room -----------------------------------------------------------------------------------

    def _place(self) -> None:
        """Lay the tabs side by side; those without room are in the menu, never the current one."""
        height = self.more.sizeHint().height()
        room = self.width() - self._more_width() - GAP
        shown = self._with_room(room)
        left = 0
        for key, tab in self.tabs.items():
            tab.setVisible(key in shown)
            if key in shown:
                wide = min(tab.sizeHint().width(), max(40, room))
                tab.setGeometry(left, (self.height() - height) // 2, wide, height)
                left += wide + GAP
        hidden = [view for view in self._views if view.key not in shown]
        self._say_more(hidden)
        self.more.setGeometry(
            left, (self.height() - height) // 2, self.more.sizeHint().width(), height
        )
        self.more.raise_()

    def _more_width(self) -> int:
        wide = self.more.fontMetrics().horizontalAdvance("Views  99 •")
        return max(self.more.sizeHint().width(), wide + 40)

    def _say_more(self, hidden: Sequence[View]) -> None:
        current = next((view for view in hidden if view.key == self._current), None)
        self.more.setText(self.title_of(current) if current else "Views")
        self.more.setCheckable(current is not None)
        self.more.setChecked(current is not None)

    def _with_room(self, room: int) -> set[str]:
        """Return the tabs that fit, in their order, the current one before all others."""
        widths = {key: tab.sizeHint().width() + GAP for key, tab in self.tabs.items()}
        shown = {self._current} if self._current in widths else set()
        left = room - sum(widths[key] for key in shown)
        for key, width in widths.items():
            if key in shown:
                continue
            left -= width
            if left < 0:
                break
            shown.add(key)
        return shown

    def sizeHint(self) -> QSize:
        """Ask for room for all tabs."""
        wide = sum(tab.sizeHint().width() + GAP for tab in self.tabs.values())
        return QSize(wide + self._more_width() + GAP, self.more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Do with the menu and one tab."""
        return QSize(self._more_width() + 90, self.more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the tabs that have no room into the menu."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Measure again when a tab says something else, also while nobody looked."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._place()
            self.updateGeometry()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure again in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()
            self.updateGeometry()

    # ---- the menu -------------------------------------------------------------------------------

    def _drop_down(self) -> None:
        self.more.setChecked(self.more.isCheckable())
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _open_menu(self) -> None:
        self.menu.clear()
        tabs = {key for key, tab in self.tabs.items() if not tab.isHidden()}
        own = [view for view in self._views if view.own or view.key not in tabs]
        for view in own:
            self.menu.addAction(self._entry(view))
        if own:
            self.menu.addSeparator()
        self._fill_menu(self.menu)

    def _entry(self, view: View) -> QAction:
        made = QAction(icon("filter"), self.title_of(view).replace("&", "&&"), self.menu)
        made.setToolTip(literal_tooltip(view.hint))
        if view.key == self._current:
            made.setIcon(icon("done"))
        made.triggered.connect(lambda: self.chosen.emit(view.key))
        return made
