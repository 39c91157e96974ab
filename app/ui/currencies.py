"""In which currencies may somebody count here, and how are they called?"""

from __future__ import annotations

from typing import Final

from babel.numbers import get_currency_name

from app.ui.words import locale

CURRENCIES: Final = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "JPY")


def currency_words(code: str) -> str:
    """Return a currency as a person calls it, with its code: "US Dollar · USD"."""
    return f"{get_currency_name(code, locale=locale())} · {code}"


def currency_choices(known: str) -> list[tuple[object, str]]:
    """Return what can be chosen; one that is in use stays, whichever it is."""
    codes = dict.fromkeys((*CURRENCIES, known) if known else CURRENCIES)
    return [(code, currency_words(code)) for code in codes]
