"""How does the window look in light and dark, and how does it follow the system without a restart?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.stylesheet import stylesheet
from app.ui.tokens import DARK, LIGHT, TYPE_SCALE, Tokens, Tone

MODES = ("system", "light", "dark")

# What a machine has of these is used, in this order; the last ones are on every Linux desktop.
FONTS = (
    "Inter", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Helvetica Neue", "Cantarell",
    "Adwaita Sans", "Ubuntu", "Noto Sans", "Open Sans", "Roboto", "Noto Sans CJK KR",
    "Liberation Sans", "DejaVu Sans",
)  # fmt: skip


class _Active:
    """The theme in use: like the application's palette, there is one for the whole program."""

    tokens: Tokens = LIGHT


def tokens() -> Tokens:
    """Return the values of the theme in use, for what is painted by hand."""
    return _Active.tokens


def font(step: str = "body") -> QFont:
    """Return the application's font at a step of the type scale."""
    scaled = QFont(QApplication.font())
    scaled.setPointSizeF(scaled.pointSizeF() * TYPE_SCALE[step])
    if step in {"strong", "heading", "title", "figure"}:
        scaled.setWeight(QFont.Weight.DemiBold)
    return scaled


class Theme(QObject):
    """Puts a theme on the application; ``changed`` says that colours are different now."""

    changed = Signal()

    def __init__(self, application: QApplication, mode: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        application.setStyle("Fusion")
        application.setFont(_chosen_font())
        application.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def mode(self) -> str:
        """``system``, ``light`` or ``dark``, as chosen."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Change the theme of every open window at once."""
        self._mode = mode
        self._apply()

    @contextmanager
    def dressing_once(self) -> Iterator[None]:
        """Put the style on what is built meanwhile when it is whole: else Qt styles every part anew
        with each widget that it is put into."""
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._application.setStyleSheet(self._sheet())

    def _system_changed(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        _Active.tokens = DARK if self._wants_dark() else LIGHT
        self._application.setPalette(palette(tokens()))
        self._application.setStyleSheet(self._sheet())
        self.changed.emit()

    def _sheet(self) -> str:
        return stylesheet(tokens(), QApplication.font().pointSizeF())

    def _wants_dark(self) -> bool:
        if self._mode != "system":
            return self._mode == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def palette(theme: Tokens) -> QPalette:
    """Return a theme as Qt's roles, so that what no style sheet names fits as well."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.surface,
        role.AlternateBase: theme.window, role.Text: theme.text, role.Button: theme.surface,
        role.ButtonText: theme.text, role.BrightText: theme.on_accent, role.ToolTipBase: theme.text,
        role.ToolTipText: theme.surface, role.PlaceholderText: theme.muted,
        role.Highlight: theme.selection, role.HighlightedText: theme.text, role.Link: theme.accent,
        role.LinkVisited: theme.accent, role.Accent: theme.accent, role.Light: theme.surface,
        role.Midlight: theme.hover, role.Mid: theme.border_strong, role.Dark: theme.border_strong,
        role.Shadow: theme.border_strong,
    }  # fmt: skip
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.muted))
    return made


def ink(tone: Tone) -> QColor:
    """Return the text colour of a tone in the theme in use."""
    return QColor(tokens().ink(tone))


def _chosen_font() -> QFont:
    """Return the system's own font where it is a good one, else the best of the list that is here."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    here = set(QFontDatabase.families())
    size = max(9.75, system.pointSizeF())
    family = next((name for name in FONTS if name in here), system.family())
    if system.family() in FONTS and system.family() != "DejaVu Sans":
        family = system.family()
    chosen = QFont([family, *(name for name in FONTS if name in here and name != family)])
    chosen.setPointSizeF(size)
    chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen
