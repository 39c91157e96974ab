"""On which days do people work at a place, and on which not: chosen by toggles, said in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_skeleton, get_day_names
from PySide6.QtWidgets import QWidget

from app.ui.days import NotADayError, read_day, written_day
from app.ui.widgets.controls import across, button
from app.ui.words import joined, locale

WEEK = range(7)  # from Monday; as signs: "1111100" works from Monday to Friday


class NotDaysError(ValueError):
    """What was typed are no days; the message says so to the person."""


class WeekDays(QWidget):
    """Seven toggles, Monday to Sunday."""

    def __init__(self, name: str, signs: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        short = get_day_names("short", locale=locale())
        full = get_day_names("wide", locale=locale())
        self.toggles = [
            button(short[at].strip("."), kind="day", name=f"{name}: {full[at]}", hint=full[at])
            for at in WEEK
        ]
        for toggle, sign in zip(self.toggles, signs, strict=True):
            toggle.setCheckable(True)
            toggle.setChecked(sign == "1")
        self.setLayout(across(*self.toggles, None, spacing=1))

    @property
    def signs(self) -> str:
        """The days that are chosen, as seven signs."""
        return "".join("1" if toggle.isChecked() else "0" for toggle in self.toggles)

    @signs.setter
    def signs(self, signs: str) -> None:
        for toggle, sign in zip(self.toggles, signs, strict=True):
            toggle.setChecked(sign == "1")


def working_days(signs: str) -> str:
    """Return the days of a week in words: "Mon–Fri", "Tue–Thu and Sat", "every day"."""
    if "0" not in signs:
        return "every day"
    names = get_day_names("abbreviated", locale=locale())
    runs: list[list[int]] = []
    for at in WEEK:
        if signs[at] == "0":
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return joined([_run(run, names) for run in runs])


def _run(run: list[int], names: Mapping[int, str]) -> str:
    first, last = (names[at].strip(".") for at in (run[0], run[-1]))
    if len(run) == 1:
        return first
    return f"{first}–{last}" if len(run) > 2 else f"{first}, {last}"


def written_days(days: Sequence[str]) -> str:
    """Return days (as "2026-12-25") in the person's own way of writing them, to be edited."""
    return ", ".join(written_day(date.fromisoformat(day)) for day in days)


def said_days(days: Sequence[str], today: date) -> str:
    """Return the days that are still to come in words: "Dec 25 and Jan 1"."""
    coming = [each for day in days if (each := date.fromisoformat(day)) >= today]
    said = [format_skeleton("MMMd", each, locale=locale()) for each in coming[:3]]
    more = len(coming) - len(said)
    return joined([*said, f"{more} more"] if more else said)


def read_days(text: str) -> list[str]:
    """Return typed days as "2026-12-25".

    Raises:
        NotDaysError: one of them is none.
    """
    return [_read(part) for part in text.replace(";", ",").split(",") if part.strip()]


def _read(text: str) -> str:
    try:
        return read_day(text).isoformat()
    except NotADayError as error:
        like = written_day(date(2026, 12, 25))
        raise NotDaysError(
            f"“{text.strip()}” is no day; nothing was changed. Write days such as {like}, with a comma between."
        ) from error
