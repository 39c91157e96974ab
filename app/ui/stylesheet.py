"""What do the standard controls look like? One small sheet, filled in from the tokens."""

from __future__ import annotations

from app.config import resource
from app.ui.tokens import RADIUS, TYPE_SCALE, Tokens, Tone

# A style sheet cannot recolour an image: this one is of a grey that both themes can carry.
_CHEVRON = resource("icons", "chevron.svg").as_posix()
# What can be ticked: a control of its own, and the lines of a list.
_TICKED = ("QCheckBox::indicator", "QAbstractItemView::indicator")


def stylesheet(theme: Tokens, points: float) -> str:
    """Return the style sheet of a theme; ``points`` is the size of body text."""
    parts = (_text(theme, points), _controls(theme), _ticks(theme), _shell(theme))
    return "\n".join((*parts, _lists(theme, points)))


def _text(t: Tokens, points: float) -> str:
    sizes = "\n".join(
        f'Text[step="{step}"] {{ font-size: {points * scale:.2f}pt; }}'
        for step, scale in TYPE_SCALE.items()
    )
    tones = "\n".join(f'Text[tone="{tone}"] {{ color: {t.ink(tone)}; }}' for tone in Tone)
    return f"""
Text {{ background: transparent; color: {t.text}; }}
{sizes}
Text[step="strong"], Text[step="heading"], Text[step="title"], Text[step="figure"] {{ font-weight: 600; }}
Text[quiet="true"] {{ color: {t.muted}; }}
{tones}
QToolTip {{ background: {t.text}; color: {t.surface}; border: 0; padding: 4px 7px; }}
"""


def _controls(t: Tokens) -> str:
    return f"""
QPushButton {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.border_strong};
  border-radius: {RADIUS}px; padding: 4px 11px; min-height: 18px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.sunken}; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:disabled {{ color: {t.muted}; border-color: {t.border}; background: transparent; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent};
  border-color: {t.accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; padding: 3px 10px; }}
QPushButton[kind="primary"]:disabled {{ background: {t.sunken}; color: {t.muted}; border-color: {t.sunken}; }}
QPushButton[kind="danger"] {{ background: {t.ground(Tone.BAD)}; color: {t.ink(Tone.BAD)};
  border-color: {t.ink(Tone.BAD)}; font-weight: 600; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; padding: 4px 8px; }}
QPushButton[kind="quiet"]:hover {{ background: {t.sunken}; }}
QPushButton[kind="quiet"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {t.accent};
  padding: 1px 3px; text-align: left; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="quietlink"] {{ background: transparent; border: 1px solid transparent; color: {t.muted};
  padding: 1px 3px; text-align: left; }}
QPushButton[kind="quietlink"]:hover {{ text-decoration: underline; }}
QPushButton[kind="quietlink"]:focus {{ border-color: {t.muted}; }}
QPushButton[kind="mark"] {{ background: {t.sunken}; border: 1px solid transparent; color: {t.text};
  padding: 1px 8px; border-radius: 9px; min-height: 16px; }}
QPushButton[kind="mark"]:hover, QPushButton[kind="mark"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="tab"] {{ background: transparent; border: 1px solid transparent; color: {t.muted};
  padding: 3px 10px; border-radius: {RADIUS}px; }}
QPushButton[kind="tab"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[kind="tab"]:checked {{ background: {t.ground(Tone.ACCENT)}; color: {t.ink(Tone.ACCENT)}; }}
QPushButton[kind="tab"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="day"] {{ color: {t.muted}; padding: 3px 0; min-width: 27px; }}
QPushButton[kind="day"]:checked {{ background: {t.ground(Tone.ACCENT)}; color: {t.ink(Tone.ACCENT)};
  border-color: {t.ink(Tone.ACCENT)}; font-weight: 600; }}
QPushButton[kind="day"]:focus {{ border: 2px solid {t.accent}; padding: 2px 0; min-width: 25px; }}
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit {{ background: {t.surface}; color: {t.text};
  border: 1px solid {t.border_strong}; border-radius: {RADIUS}px; padding: 3px 7px; min-height: 19px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus {{ border: 1px solid {t.accent}; }}
QLineEdit#cell {{ padding: 0 4px; border-radius: 2px; min-height: 0; }}
QLineEdit[wrong="true"] {{ border: 1px solid {t.ink(Tone.BAD)}; }}
QFrame#chips {{ background: {t.surface}; border: 0; }}
QFrame#chip {{ background: {t.ground(Tone.ACCENT)}; border: 0; border-radius: {RADIUS - 1}px; }}
QFrame#chip[wrong="true"] {{ background: {t.ground(Tone.BAD)}; }}
QPushButton[kind="chip"] {{ background: transparent; border: 0; padding: 0 1px; min-height: 0; color: {t.ink(Tone.ACCENT)}; }}
QFrame#chip[wrong="true"] QPushButton[kind="chip"] {{ color: {t.ink(Tone.BAD)}; }}
QPushButton[kind="chip"]:hover {{ text-decoration: underline; }}
QPushButton[cross="true"] {{ padding: 1px 3px; border-radius: 4px; }}
QPushButton[cross="true"]:hover {{ background: {t.hover}; }}
QComboBox::drop-down {{ border: 0; width: 22px; }}
QComboBox::down-arrow {{ image: url("{_CHEVRON}"); width: 12px; height: 12px; margin-right: 8px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.border_strong};
  selection-background-color: {t.selection}; selection-color: {t.text}; padding: 3px; }}
QSpinBox {{ padding: 1px 0; }}
QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: 0; }}
QCheckBox {{ spacing: 7px; }}
QSlider::groove:horizontal {{ background: {t.border_strong}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {t.surface}; border: 2px solid {t.accent}; width: 12px; height: 12px;
  margin: -6px 0; border-radius: 8px; }}
QSlider::handle:horizontal:focus {{ background: {t.accent}; border-color: {t.text}; }}
QProgressBar {{ background: {t.sunken}; border: 0; border-radius: 3px; height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.border_strong}; padding: 5px 0; }}
QMenu::item {{ padding: 5px 28px 5px 12px; color: {t.text}; }}
QMenu::item:selected {{ background: {t.selection}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::icon {{ padding-left: 10px; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 5px 0; }}
QMenuBar {{ background: {t.window}; border-bottom: 1px solid {t.border}; padding: 1px 6px; }}
QMenuBar::item {{ padding: 3px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {t.sunken}; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {t.border_strong}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.border}; }}
QSplitter::handle:hover {{ background: {t.accent}; }}
"""


def _ticks(t: Tokens) -> str:
    """Draw the boxes that are ticked; a tick has a file for each theme, as images keep their colour."""
    tick, dash = (resource("icons", f"{name}-{t.name}.svg").as_posix() for name in ("tick", "dash"))

    def box(state: str = "") -> str:
        return ", ".join(f"{each}{state}" for each in _TICKED)

    filled = f"background: {t.accent}; border-color: {t.accent};"
    return f"""
{box()} {{ width: 13px; height: 13px; background: {t.surface}; border: 1px solid {t.muted};
  border-radius: 3px; }}
{box(":hover")} {{ border-color: {t.accent}; }}
{box(":checked")} {{ {filled} image: url("{tick}"); }}
{box(":indeterminate")} {{ {filled} image: url("{dash}"); }}
QCheckBox::indicator:focus {{ border: 2px solid {t.text}; width: 11px; height: 11px; }}
{box(":disabled")} {{ background: {t.sunken}; border-color: {t.border_strong}; }}
{box(":checked:disabled")}, {box(":indeterminate:disabled")} {{ background: {t.muted}; border-color: {t.muted}; }}
"""


def _shell(t: Tokens) -> str:
    tones = "\n".join(
        f'QFrame#banner[tone="{tone}"] {{ background: {t.ground(tone)}; }}'
        f'QFrame#banner[tone="{tone}"] Text {{ color: {t.ink(tone)}; }}'
        for tone in Tone
    )
    return f"""
QMainWindow, QWidget#page, QWidget#header {{ background: {t.window}; }}
QFrame#sidebar {{ background: {t.window}; border: 0; border-right: 1px solid {t.border}; }}
QWidget#header {{ border-bottom: 1px solid {t.border}; }}
QWidget#detail, QScrollArea#detail, QWidget#body {{ background: {t.surface}; border: 0; }}
QScrollArea#paper, QScrollArea#paper > QWidget > QWidget {{ background: {t.sunken}; border-radius: {RADIUS}px; }}
QFrame#card {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: {RADIUS + 2}px; }}
QFrame#card[chosen="true"] {{ border-color: {t.accent}; }}
QFrame#demo {{ background: {t.ground(Tone.ACCENT)}; border: 0; border-radius: {RADIUS}px; }}
QFrame#well {{ background: {t.window}; border: 0; border-radius: {RADIUS}px; }}
QFrame#form {{ background: {t.window}; border: 1px solid {t.accent}; border-radius: {RADIUS + 2}px; }}
QFrame#rule {{ background: {t.border}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame#ruledown {{ background: {t.border}; border: 0; max-width: 1px; min-width: 1px; }}
QFrame#overlay {{ background: {t.surface}; border: 1px solid {t.border_strong}; border-radius: {RADIUS + 4}px; }}
QFrame#toast {{ background: {t.text}; border-radius: {RADIUS + 2}px; }}
QFrame#toast Text {{ color: {t.surface}; }}
QFrame#toast QPushButton {{ background: transparent; border: 1px solid {t.muted}; color: {t.surface}; }}
QFrame#toast QPushButton:hover, QFrame#toast QPushButton:focus {{ border-color: {t.surface}; }}
QFrame#banner {{ border: 0; border-radius: {RADIUS}px; }}
{tones}
QFrame#drop {{ background: {t.ground(Tone.ACCENT)}; border: 2px dashed {t.accent}; border-radius: 0; }}
QPushButton#nav {{ background: transparent; border: 1px solid transparent; text-align: left; padding: 6px 9px;
  border-radius: {RADIUS}px; color: {t.muted}; }}
QPushButton#nav:hover {{ background: {t.sunken}; color: {t.text}; }}
QPushButton#nav:checked {{ background: {t.ground(Tone.ACCENT)}; color: {t.ink(Tone.ACCENT)}; font-weight: 600; }}
QPushButton#nav:focus {{ border-color: {t.accent}; }}
QPushButton#tile {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: {RADIUS + 2}px;
  text-align: left; padding: 0; }}
QPushButton#tile:hover {{ border-color: {t.accent}; }}
QPushButton#tile:focus {{ border: 2px solid {t.accent}; }}
QPushButton#row {{ background: transparent; border: 0; border-bottom: 1px solid {t.border}; border-radius: 0;
  text-align: left; padding: 0; min-height: 46px; }}
QPushButton#row:hover {{ background: {t.hover}; }}
QPushButton#row:focus {{ border: 1px solid {t.accent}; }}
QFrame#statusline {{ background: {t.window}; border: 0; border-top: 1px solid {t.border}; }}
QStackedWidget, QScrollArea {{ background: transparent; border: 0; }}
"""


def _lists(t: Tokens, points: float) -> str:
    return f"""
QTableView, QListView {{ background: {t.surface}; border: 0; outline: 0;
  selection-background-color: {t.selection}; selection-color: {t.text}; }}
QListView#rules {{ border: 2px solid {t.surface}; }}
QListView#rules:focus {{ border: 2px solid {t.accent}; }}
QHeaderView {{ background: {t.window}; border: 0; }}
QHeaderView::section {{ background: {t.window}; color: {t.muted}; border: 0;
  border-bottom: 1px solid {t.border}; padding: 3px 7px; font-size: {points * 0.9:.2f}pt; }}
QHeaderView::section:hover {{ color: {t.text}; }}
QTableWidget::item {{ padding: 5px 6px; border-bottom: 1px solid {t.border}; }}
QTableCornerButton::section {{ background: {t.window}; border: 0; }}
"""
