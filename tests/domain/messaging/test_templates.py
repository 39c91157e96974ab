"""A mail says what happened, in the brand's words; what buyers typed is never markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.messaging.events import Event, Item, Story, Way, event_key
from app.domain.messaging.quiet import not_before, zone_of
from app.domain.messaging.templates import check, write
from app.errors import RefusedError
from app.models.message_settings import frame, shipped_template
from app.services.messaging.settings import looks_like_mail

STORY = Story(
    Event.SHIPPED, "1001", "Ada", "Fern & Co", (Item("Mug <blue>", 2),), (Item("Pot", 1),), "UPS", "1Z9",
    "https://www.ups.com/track?tracknum=1Z9", date(2026, 11, 27), "12.00 USD",
)  # fmt: skip


@pytest.mark.parametrize("event", list(Event))
def test_the_words_that_ship_with_the_program_can_be_filled(event: Event) -> None:
    check(shipped_template(event))
    written = write(shipped_template(event), replace(STORY, event=event), frame())
    assert "1001" in written.subject
    assert "Hello Ada," in written.text
    assert "Fern &amp; Co" in written.html
    assert "{" not in written.subject + written.text


def test_a_paragraph_that_has_nothing_to_say_is_left_out() -> None:
    bare = replace(STORY, carrier="", tracking_number="", tracking_link="", expected=None)
    text = write(shipped_template(Event.SHIPPED), bare, frame()).text
    assert "travels with" not in text
    assert "follow it" not in text
    assert "2 × Mug <blue>" in text


def test_a_parcel_can_be_followed_by_a_link_and_only_by_a_safe_one() -> None:
    html = write(shipped_template(Event.SHIPPED), STORY, frame()).html
    assert '<a href="https://www.ups.com/track?tracknum=1Z9">' in html
    odd = replace(STORY, tracking_link="javascript:alert(1)")
    assert "<a " not in write(shipped_template(Event.SHIPPED), odd, frame()).html


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_what_a_buyer_typed_is_never_markup_nor_a_header(
    name: str, title: str, number: str
) -> None:
    story = replace(STORY, first_name=name, items=(Item(title, 1),), number=number)
    written = write(shipped_template(Event.SHIPPED), story, frame())
    assert "\n" not in written.subject
    assert "\r" not in written.subject
    tags = {tag.casefold() for tag in re.findall(r"</?([a-z]+)", written.html)}
    assert tags <= {"html", "head", "meta", "title", "body", "div", "p", "br", "a"}


def test_words_with_an_unknown_gap_or_without_a_subject_are_refused() -> None:
    for words in ("Subject only", "Hi\n\nyour {ordre} left", "", "S\n\n" + "x" * 5_000):
        with pytest.raises(RefusedError, match="othing was changed"):
            check(words)


def test_of_each_event_there_is_one_and_a_parcel_leaves_once() -> None:
    assert event_key(Way.MAIL, Event.SHIPPED, "7") == event_key(Way.MAIL, Event.PARTLY_SHIPPED, "7")
    assert event_key(Way.MAIL, Event.SHIPPED, "7") != event_key(Way.MAIL, Event.DELIVERED, "7")


EVENING = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # 22:30 in New York, 19:30 in Los Angeles


def test_nobody_is_disturbed_at_night_where_they_live() -> None:
    quiet = (time(21), time(8))
    assert not_before(EVENING, *quiet, "America/New_York") == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert not_before(EVENING, *quiet, "America/Los_Angeles") == EVENING
    morning = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 07:00 in New York
    assert not_before(morning, *quiet, "America/New_York") == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert not_before(EVENING, time(0), time(0), "America/New_York") == EVENING


def test_the_zone_is_the_buyers_as_far_as_the_address_tells_it() -> None:
    assert zone_of("CA", "US", "America/New_York") == "America/Los_Angeles"
    assert zone_of("", "DE", "America/New_York") == "Europe/Berlin"
    assert zone_of("XX", "US", "America/New_York") == "America/New_York"


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("ada@example.com", True), ("a.b+c@mail.example.co.uk", True), ("ada", False), ("@example.com", False),
        ("ada@example.com\nBcc: eve@example.com", False), ("ada@example.com,eve@example.com", False),
        ("Ada <ada@example.com>", False), ("ada@localhost", False),
    ],
)  # fmt: skip
def test_only_one_plain_address_is_written_to(text: str, could_be: bool) -> None:
    assert looks_like_mail(text) is could_be
