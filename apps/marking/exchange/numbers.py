"""Numbers as files write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def plain_number(number: Decimal) -> int | float:
    """A whole number as such, any other as a decimal. Raises InvalidOperation for what is no number."""
    if not number.is_finite():
        raise InvalidOperation
    return int(number) if number == number.to_integral_value() else float(number)
