"""In which currency does a marketplace sell, where a report leaves it out?

Pending orders name no currency and the unshipped report has no such column.
"""

from __future__ import annotations

_BY_DOMAIN = {
    "com": "USD", "ca": "CAD", "com.mx": "MXN", "com.br": "BRL", "co.uk": "GBP", "de": "EUR",
    "fr": "EUR", "it": "EUR", "es": "EUR", "nl": "EUR", "ie": "EUR", "com.be": "EUR", "se": "SEK",
    "pl": "PLN", "com.tr": "TRY", "ae": "AED", "sa": "SAR", "eg": "EGP", "in": "INR",
    "co.jp": "JPY", "com.au": "AUD", "sg": "SGD", "co.za": "ZAR",
}  # fmt: skip
_BY_COUNTRY = {
    "US": "USD", "CA": "CAD", "MX": "MXN", "BR": "BRL", "GB": "GBP", "UK": "GBP", "SE": "SEK",
    "PL": "PLN", "TR": "TRY", "AE": "AED", "SA": "SAR", "EG": "EGP", "IN": "INR", "JP": "JPY",
    "AU": "AUD", "SG": "SGD", "ZA": "ZAR", "DE": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR",
    "NL": "EUR", "BE": "EUR", "IE": "EUR", "AT": "EUR",
}  # fmt: skip


def currency_of(sales_channel: str, country: str) -> str:
    """Return the currency of “Amazon.it” or, failing that, of the country shipped to."""
    domain = sales_channel.strip().casefold().removeprefix("amazon.")
    return _BY_DOMAIN.get(domain) or _BY_COUNTRY.get(country.strip().upper(), "USD")
