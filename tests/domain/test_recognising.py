"""When is a channel's code one of ours, and when does it only look like it?"""

from __future__ import annotations

import pytest

from app.domain.recognising import gtin, keys_of, plain


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("MUG-BLUE", "mugblue"),
        (" mug blue ", "mugblue"),
        ("MUG\u2011BLUE\u200b", "mugblue"),  # a hyphen that does not break, and a sign nobody sees
        ("00123", "123"),
        ("000", "0"),
        ("ÇAY-01", "çay01"),
        ("--", ""),
    ],
)
def test_writing_makes_no_difference_to_the_plain_code(code: str, key: str) -> None:
    assert plain(code) == key


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("036000291452", "00036000291452"),  # the UPC of every textbook
        ("4006381333931", "04006381333931"),
        ("96385074", "00000096385074"),
        ("4006381333932", ""),  # the check digit is wrong
        ("00000000", ""),
        ("123", ""),
        ("400638133393A", ""),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", ""),  # digits, but not those of a barcode
    ],
)
def test_a_barcode_counts_only_with_its_check_digit(text: str, number: str) -> None:
    assert gtin(text) == number


def test_a_sku_is_known_by_its_code_and_by_each_of_its_barcodes_once() -> None:
    keys = list(keys_of("TEA-1", "036000291452 0036000291452 nonsense"))
    assert keys == [("code", "tea1"), ("gtin", "00036000291452")]
