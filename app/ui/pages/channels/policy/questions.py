"""What is asked when the sheet, its calendar, the breakers or who decides is changed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.domain.promising.breakers import Thresholds
from app.domain.promising.deciders import Duty
from app.domain.promising.policy import CALENDAR_FIELDS, ChannelRules, as_said
from app.errors import RefusedError
from app.ui import statuses
from app.ui.days import NotADayError, read_day, written_day
from app.ui.pages.channels.policy import words
from app.ui.widgets.form import Field, Question

Answer = Callable[[Any], object]


def of_cell(channel: str, field: str, rules: ChannelRules, take: Answer) -> Question:
    """Ask for one answer of one channel."""
    row, value = words.ROWS[field], as_said(rules)[field]
    where = f"{statuses.channel(channel)}: {row.label.lower()}"
    if field in words.CHOICES:
        now = ("yes" if value else "no") if isinstance(value, bool) else value
        asked = Field("value", "Answer", now, words.CHOICES[field])
    elif value is None or field in ("cap_units", "buffer_most"):
        asked = Field("value", words.ROWS[field].noun[1].capitalize(),
                      "" if value is None else str(value), placeholder="No limit")  # fmt: skip
    else:
        asked = Field(
            "value", row.noun[1].capitalize() if row.noun[1] != "%" else "Per cent", int(value)
        )
    return Question(
        where, [asked], "See what would change", lambda v: take(v["value"]), note=row.about
    )


def of_calendar(channels: Sequence[str], now: datetime, take: Answer) -> Question:
    """Ask what counts instead, from when and until when."""
    first = now.astimezone().date()
    fields = [
        Field("name", "Name", is_needed=True, placeholder="Black Friday"),
        Field("occasion", "For", "peak", words.OCCASIONS),
        Field("starts", "First day", written_day(first), is_needed=True),
        Field("ends", "Last day", written_day(first + timedelta(days=6)), is_needed=True),
        Field("channel", "On", "", [("", "Every channel"), *((c, statuses.channel(c)) for c in channels)]),
        Field("skus", "Only SKUs", "", placeholder="All; or TEA-1, MUG-2"),
        Field("field", "Instead", "buffer_units",
              [(name, field_title(name)) for name in CALENDAR_FIELDS]),
        Field("value", "Number", 2),
    ]  # fmt: skip
    return Question("Add to the calendar", fields, "See what would change",
                    take, note="It ends by itself.")  # fmt: skip


def of_breakers(limits: Thresholds, take: Answer) -> Question:
    """Ask from when on publishing stops and asks."""
    fields = [
        Field("zeros", "SKUs to zero at once", limits.zeros),
        Field("share_percent", "Per cent of a catalogue", limits.share_percent),
        Field("least", "but at least numbers", limits.least),
    ]
    return Question("When to stop and ask", fields, "Set it", take,
                    note="More than this at once waits for a person's word.")  # fmt: skip


def of_duty(duty: Duty, take: Answer) -> Question:
    """Ask who decides one kind of data."""
    fields = [
        Field("decides", "Decides", duty.decides.value, [(k.value, w) for k, w in words.RECORDS.items()]),
        Field("writers", "May write it", ", ".join(duty.writers)),
        Field("on_conflict", "In a conflict", duty.on_conflict.value,
              [(k.value, w) for k, w in words.CONFLICTS.items()]),
    ]  # fmt: skip

    def answer(values: Mapping[str, object]) -> None:
        writers = _listed(values["writers"])
        take([{"data": duty.data, "field": duty.field, "decides": values["decides"],
               "on_conflict": values["on_conflict"], "writers": writers}])  # fmt: skip

    return Question(f"{duty.data}: {duty.field}", fields, "Change it", answer, note=duty.note)


def field_title(name: str) -> str:
    """Return what a question of the sheet is called where it stands alone."""
    row = words.ROWS[name]
    group = next(each.title for each in words.GROUPS if row in each.rows)
    return f"{group}: {row.label.lower()}"


def entry(values: Mapping[str, object]) -> dict[str, object]:
    """Return an entry as it is stored: from the first day's morning to the last one's end, here.

    Raises:
        RefusedError: a day is none.
    """
    channel = str(values["channel"])
    return {
        "name": values["name"], "occasion": values["occasion"],
        "starts_at": _morning(str(values["starts"])),
        "ends_at": _morning(str(values["ends"]), days=1),
        "channels": [channel] if channel else [], "skus": _listed(values["skus"]),
        "changes": {str(values["field"]): values["value"]},
    }  # fmt: skip


def _listed(text: object) -> list[str]:
    return [each.strip() for each in str(text).split(",") if each.strip()]


def _morning(text: str, days: int = 0) -> str:
    try:
        day = datetime.combine(read_day(text), time.min)
    except NotADayError as error:
        raise RefusedError(
            f"“{text}” is no day; nothing was changed.",
            f"Write it as {written_day(date(2026, 11, 27))}.",
        ) from error
    return (day + timedelta(days=days)).astimezone().astimezone(UTC).isoformat()
