"""Points of Student's distribution."""

from __future__ import annotations

from math import fsum

EXACT = {1: 12.706204736, 2: 4.302652730, 3: 3.182446305, 4: 2.776445105, 5: 2.570581836, 6: 2.446911851, 7: 2.364624252, 8: 2.306004135}  # fmt: skip


def t_95(freedom: int) -> float:
    """The two-sided 95 % point of Student's t for one or more degrees of freedom, to 1e-3.

    Up to 8 from the table (Abramowitz and Stegun 26.10), beyond by Cornish and Fisher's expansion around the normal
    point (26.7.5). Raises ValueError below one.
    """
    if freedom < 1:
        raise ValueError(f"There is no point for {freedom} degrees of freedom.")
    if freedom in EXACT:
        return EXACT[freedom]
    z = 1.959963984540054
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / freedom ** (n + 1) for n, term in enumerate(terms))
