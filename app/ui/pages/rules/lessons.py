"""Which rules do overrides suggest? Each with what it rests on, and one key to take it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.rulebook.learning import Lesson
from app.domain.rulebook.saying import Called, deeds, orders_meant, taught
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, button, down, empty_out, frame
from app.ui.widgets.text import Text
from app.ui.words import count_of, money, sentence

Take = Callable[[str, bool], object]


class LessonsView(QWidget):
    """The review of overrides: a card for each rule that they suggest."""

    def __init__(self, take: Take, dismiss: Callable[[str], object]) -> None:
        super().__init__()
        self._take, self._dismiss = take, dismiss
        self._cards = down(spacing=10)
        self._is_open = False
        self.found: Sequence[Lesson] = ()
        self.setLayout(self._cards)
        self.hide()

    def fill(self, found: Sequence[Lesson], called: Called) -> None:
        """Show what overrides suggest: the first, and the others once somebody wants them."""
        self.found = found
        empty_out(self._cards)
        if found:
            self._cards.addWidget(Text("What your overrides suggest", step="strong"))
        for lesson in found if self._is_open else found[:1]:
            self._cards.addWidget(self._card(lesson, called))
        if len(found) > 1:
            self.turn = self._turn(called)
            self._cards.addLayout(across(self.turn, None))
        self.setVisible(bool(found))

    def _turn(self, called: Called) -> QPushButton:
        words = "Show only the first" if self._is_open else f"Show {len(self.found) - 1} more"
        return button(words, partial(self._open, called), kind="link",
                      name=f"{words} of what your overrides suggest")  # fmt: skip

    def _open(self, called: Called) -> None:
        self._is_open = not self._is_open
        self.fill(self.found, called)
        self.turn.setFocus()

    def _card(self, lesson: Lesson, called: Called) -> QWidget:
        card = frame("card")
        rule = lesson.rule
        does = "; ".join(each[:1].lower() + each[1:] for each in deeds(rule, called))
        words = down(
            Text(taught(lesson, called), step="strong", wraps=True),
            Text(sentence(f"{orders_meant(rule, called)} {does}"), wraps=True),
            Text(_rests_on(lesson), quiet=True, wraps=True),
            spacing=3,
        )
        if rule.about:
            words.addWidget(Text(rule.about, quiet=True, wraps=True))
        name = rule.name
        words.addLayout(
            across(
                button("Put in force", partial(self._take, lesson.pattern, True), kind="primary",
                       icon_name="accept", name=f"Put {name} in force", hint="L"),
                button("Into the draft", partial(self._take, lesson.pattern, False),
                       name=f"Take {name} into the draft"),
                button("People decide it", partial(self._dismiss, lesson.pattern), kind="quiet",
                       name=f"Leave to people: {name}"),
                None, spacing=8,
            )
        )  # fmt: skip
        row = across(IconLabel("override", Tone.ACCENT), spacing=11, margins=(14, 11, 12, 11))
        row.addLayout(words, 1)
        card.setLayout(row)
        return card


def _rests_on(lesson: Lesson) -> str:
    currency = lesson.overrides[0].facts.currency
    said = [_cost(lesson, currency)]
    days = [each.extra_days for each in lesson.overrides if each.extra_days is not None]
    if later := sum(days):
        arrived = "later" if later > 0 else "sooner"
        said.append(f"{count_of(abs(later), 'day')} {arrived} in all")
    if lesson.late:
        said.append(f"{lesson.late} of them left too late")
    also = (
        f" It would have meant {count_of(lesson.also, 'more order')} whose suggestion you accepted."
    )
    return f"{', '.join(said)}.{also if lesson.also else ''}"


def _cost(lesson: Lesson, currency: str) -> str:
    if not lesson.extra:
        return "They cost the same as suggested"
    apart = money(abs(lesson.extra), currency)
    return f"They cost {apart} {'more' if lesson.extra > 0 else 'less'} than suggested"
