"""How do facts become a mail? Words with gaps, filled as text and as HTML; what fills them is never markup.

A template is a few lines: the subject, an empty line, paragraphs. ``{name}`` is a gap. A paragraph with a gap
that has nothing to say is left out, so that no mail says "with  , tracking number .".
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.messaging.events import Item, Story
from app.errors import RefusedError

GAPS: Final = {
    "order": "the order's number", "name": "the buyer's first name", "brand": "your brand",
    "items": "what is in the parcel", "left": "what is still to come", "carrier": "the carrier",
    "tracking": "the tracking number", "link": "where the parcel can be followed",
    "expected": "the day on which it should arrive", "amount": "what was paid back",
}  # fmt: skip
_GAP: Final = re.compile(r"\{([a-z]*)\}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
LONGEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it leaves: one subject, the same words as text and as HTML."""

    subject: str
    text: str
    html: str


def check(template: str) -> None:
    """Refuse a template that cannot be filled.

    Raises:
        RefusedError: it has no subject or text, is too long, or names a gap that there is not.
    """
    subject, _, body = template.strip().partition("\n")
    if not subject.strip() or not body.strip():
        raise RefusedError("A message needs a subject, an empty line and a text; nothing was changed.",
                           "Write the subject in the first line.")  # fmt: skip
    if len(template) > LONGEST:
        raise RefusedError(f"The message has {len(template):,} letters, and {LONGEST:,} at most are sent. "
                           "Nothing was changed.", "Say it shorter.")  # fmt: skip
    unknown = sorted(set(_GAP.findall(template)) - GAPS.keys())
    if unknown:
        raise RefusedError(
            f"There is nothing to put in place of “{{{unknown[0]}}}”; nothing was changed.",
            f"Gaps are: {', '.join(f'{{{name}}}' for name in GAPS)}.",
        )


def write(template: str, story: Story, frame: str) -> Written:
    """Fill a template. ``frame`` is the HTML around the words, with gaps of its own."""
    head, _, body = template.strip().partition("\n")
    said = _said(story)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body.strip())]
    kept = [part for part in paragraphs if all(said[name] for name in _GAP.findall(part))]
    subject = " ".join(_fill(head, said).split())
    text = "\n\n".join(_fill(part, said) for part in kept)
    inside = "\n".join(_paragraph(part, said, story) for part in kept)
    whole = {"brand": html.escape(story.brand), "subject": html.escape(subject), "words": inside}
    return Written(subject, text + "\n", _GAP.sub(lambda gap: whole.get(gap[1], ""), frame))


def _said(story: Story) -> dict[str, str]:
    """Return what fills each gap, one line each; only items have several."""
    return {
        "order": clean(story.number), "name": clean(story.first_name) or "there",
        "brand": clean(story.brand), "items": _list(story.items), "left": _list(story.left),
        "carrier": clean(story.carrier), "tracking": clean(story.tracking_number),
        "link": clean(story.tracking_link),
        "expected": f"{story.expected:%A, %B} {story.expected.day}" if story.expected else "",
        "amount": clean(story.amount),
    }  # fmt: skip


def clean(text: str) -> str:
    """Return buyer-supplied text as one harmless line: no control signs, no turned writing."""
    return " ".join(_CONTROL.sub("", text).split())


def _list(items: tuple[Item, ...]) -> str:
    return "\n".join(f"{item.quantity} × {clean(item.title)}" for item in items)


def _fill(text: str, said: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: said[gap[1]], text)


def _paragraph(part: str, said: Mapping[str, str], story: Story) -> str:
    """Return a paragraph as HTML: everything in it is escaped, the link of the parcel a link."""
    words = _GAP.sub(lambda gap: _as_html(gap[1], said, story), html.escape(part))
    return f"<p>{words.replace(chr(10), '<br>')}</p>"


def _as_html(name: str, said: Mapping[str, str], story: Story) -> str:
    text = html.escape(said[name])
    if name == "link" and story.tracking_link.startswith("https://"):
        return f'<a href="{text}">{text}</a>'
    return text
