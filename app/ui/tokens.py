"""Which colours, sizes and distances does the window speak in? One set of names, two sets of values.

Every pair of text and ground that the window uses is listed in ``pairs``; a test computes that each
reaches the 4.5:1 that small text needs, and each mark of ``marks`` 3:1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
RADIUS = 6
TYPE_SCALE = {
    "small": 0.9,
    "body": 1.0,
    "strong": 1.0,
    "heading": 1.15,
    "title": 1.5,
    "figure": 1.9,
}

# Papers are black on white, whatever the window looks like.
PAPER, PAPER_INK, PAPER_QUIET, PAPER_RULE = "#FFFFFF", "#000000", "#444A50", "#9AA2AA"


class Tone(StrEnum):
    """What a colour means; it never stands without an icon or a word."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. ``tones`` gives each tone its (text, ground)."""

    name: str
    window: str
    surface: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    selection: str
    skeleton: str
    tones: dict[Tone, tuple[str, str]]

    def ink(self, tone: Tone) -> str:
        """Return a tone's text colour."""
        return self.tones[tone][0]

    def ground(self, tone: Tone) -> str:
        """Return the colour that a tone's text stands on."""
        return self.tones[tone][1]


LIGHT = Tokens(
    name="light",
    window="#F3F5F6",
    surface="#FFFFFF",
    sunken="#E9ECEF",
    hover="#EDF2F2",
    border="#DBE0E4",
    border_strong="#B4BCC4",
    text="#171C20",
    muted="#525D67",
    accent="#0A6B62",
    on_accent="#FFFFFF",
    accent_hover="#085850",
    selection="#D3EAE6",
    skeleton="#E4E8EB",
    tones={
        Tone.NEUTRAL: ("#424C56", "#E9ECEF"),
        Tone.INFO: ("#1A4E8C", "#DFEAF9"),
        Tone.GOOD: ("#155C37", "#DBF0E1"),
        Tone.WARN: ("#734500", "#FBEAC8"),
        Tone.BAD: ("#98191C", "#FBE0DE"),
        Tone.ACCENT: ("#0A5F57", "#D9EFEB"),
    },
)

DARK = Tokens(
    name="dark",
    window="#14181B",
    surface="#1A1F23",
    sunken="#252B30",
    hover="#21272C",
    border="#2C343A",
    border_strong="#4B555E",
    text="#E6EAED",
    muted="#A5AFB9",
    accent="#46BDAE",
    on_accent="#04201C",
    accent_hover="#5CCFC0",
    selection="#1C413C",
    skeleton="#272E33",
    tones={
        Tone.NEUTRAL: ("#C4CCD4", "#2A3137"),
        Tone.INFO: ("#A3C8F5", "#1B304A"),
        Tone.GOOD: ("#93DBAC", "#173726"),
        Tone.WARN: ("#F2C977", "#3C2E12"),
        Tone.BAD: ("#F7AEA8", "#482221"),
        Tone.ACCENT: ("#6FD6C8", "#16352F"),
    },
)


def pairs(theme: Tokens) -> list[tuple[str, str, str]]:
    """List (what it is, text colour, ground) of everything that is read in a theme."""
    grounds = {
        "window": theme.window, "surface": theme.surface, "sunken": theme.sunken,
        "hover": theme.hover, "selection": theme.selection,
    }  # fmt: skip
    found = [(f"text on {name}", theme.text, ground) for name, ground in grounds.items()]
    found += [(f"muted on {name}", theme.muted, ground) for name, ground in grounds.items()]
    found += [("button", theme.on_accent, theme.accent), ("link", theme.accent, theme.surface)]
    found += [(f"{tone} pill", *theme.tones[tone]) for tone in Tone]
    found += [(f"{tone} in a list", theme.ink(tone), theme.surface) for tone in Tone]
    return [*found, *((f"{tone} selected", theme.ink(tone), theme.selection) for tone in Tone)]


def marks(theme: Tokens) -> list[tuple[str, str, str]]:
    """List (what it is, colour, ground) of what is seen and not read; 3:1 is enough for it."""
    grounds = {
        "window": theme.window, "surface": theme.surface, "sunken": theme.sunken,
        "hover": theme.hover, "selection": theme.selection,
    }  # fmt: skip
    found = [(f"empty box on {name}", theme.muted, ground) for name, ground in grounds.items()]
    found += [(f"ticked box on {name}", theme.accent, ground) for name, ground in grounds.items()]
    return [*found, ("tick", theme.on_accent, theme.accent)]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
