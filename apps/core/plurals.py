"""Which plural a number takes that need not be whole: "1 hour", "1.5 hours", and in French "1,5 heure"."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language

SINGULAR_BELOW_TWO = ("fr",)
NO_WHOLE_NUMBER = 100  # takes the general plural in every language of the site, as numbers with a fraction do


def plural_count(value: Decimal | float | int | str) -> int:
    """A whole number for `ngettext` that takes the form which `value` takes in the active language (CLDR)."""
    number = Decimal(str(value))
    if number == number.to_integral_value():
        return int(abs(number))
    language = (get_language() or "en").partition("-")[0]
    return 1 if language in SINGULAR_BELOW_TWO and abs(number) < 2 else NO_WHOLE_NUMBER
