"""What does a label say: a carrier, and a tracking number with the right check digit?"""

from __future__ import annotations

from random import Random


def usps(rng: Random) -> str:
    """Return a 22-digit number of the Postal Service."""
    digits = f"94001{rng.randrange(10**16):016}"
    return digits + usps_check(digits)


def ups(rng: Random) -> str:
    """Return a 1Z number: shipper, service (03: ground), package."""
    body = f"5E4V2003{rng.randrange(10**7):07}"
    return f"1Z{body}{ups_check(body)}"


def fedex(rng: Random) -> str:
    """Return a 12-digit number."""
    digits = f"7{rng.randrange(10**10):010}"
    return digits + fedex_check(digits)


def usps_check(digits: str) -> str:
    """Return the check digit: modulo 10, weights 3 and 1 from the right."""
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return str(-total % 10)


def ups_check(body: str) -> str:
    """Return the check digit: modulo 10, every second one doubled; letters count as A=2, B=3 …"""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return str(-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10)


def fedex_check(digits: str) -> str:
    """Return the check digit: weights 3, 1, 7; modulo 11, then 10."""
    return str(sum(int(d) * (3, 1, 7)[n % 3] for n, d in enumerate(digits)) % 11 % 10)


def label(rng: Random, service: str) -> tuple[str, str, str]:
    """Return carrier, service and tracking number for what the customer asked for."""
    if any(word in service.casefold() for word in ("exped", "second", "priority")):
        return rng.choice((("UPS", "2nd Day Air", ups(rng)), ("FedEx", "2Day", fedex(rng))))
    return rng.choices(
        (
            ("USPS", "Ground Advantage", usps(rng)),
            ("UPS", "Ground", ups(rng)),
            ("FedEx", "Home Delivery", fedex(rng)),
        ),
        (62, 27, 11),
    )[0]
