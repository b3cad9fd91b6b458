"""How far a figure may be off: points of Student's distribution. Plain Python, used by every room that shows an interval."""

from __future__ import annotations

from math import fsum


def t_95(freedom: int) -> float:
    """The two-sided 95 % point of Student's t for 3 or more degrees of freedom, to 1e-3 from 9 on.

    Cornish and Fisher's expansion around the normal point (Abramowitz and Stegun 26.7.5).
    """
    z = 1.959963984540054
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / freedom ** (n + 1) for n, term in enumerate(terms))
