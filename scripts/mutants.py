"""Read what mutation testing left in mutants/: `draw n` prints names of mutants, `summary` prints JSON and fails under 90 %."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

PACKAGES = ("apps/scoring", "apps/planning")
LEAST = 90.0
SEED = 20260501
# By the exit code of pytest on the mutant; any other code is counted as "other" and as not killed.
OUTCOMES = {1: "killed", 3: "killed", 0: "survived", 5: "no tests", 33: "no tests", 24: "timeout", 152: "timeout",
            36: "timeout", -24: "timeout", 255: "timeout"}  # fmt: skip


def outcomes(package: str) -> dict[str, int | None]:
    """Return the exit code of each mutant of a package by name; None for those not tried yet."""
    codes: dict[str, int | None] = {}
    for path in sorted(Path("mutants", package).rglob("*.meta")):
        codes |= json.loads(path.read_text())["exit_code_by_key"]
    return codes


def summary_of(package: str) -> dict[str, object]:
    """Return the counts of a package. A mutant that runs without end is found, so a timeout counts as killed."""
    codes = outcomes(package)
    tried = {name: code for name, code in codes.items() if code is not None}
    counts = Counter(OUTCOMES.get(code, "other") for code in tried.values())
    found = counts["killed"] + counts["timeout"]
    return {
        "mutants": len(codes),
        "tried": len(tried),
        **{outcome: counts[outcome] for outcome in ("killed", "timeout", "survived", "no tests", "other")},
        "percent_killed": round(100 * found / len(tried), 2) if tried else None,
        "not_killed": sorted(
            n for n, code in tried.items() if OUTCOMES.get(code) not in ("killed", "timeout")
        ),
    }


def draw(size: int) -> list[str]:
    """Return the names of `size` mutants of all packages, the same for the same code."""
    names = sorted(name for package in PACKAGES for name in outcomes(package))
    return sorted(random.Random(SEED).sample(names, min(size, len(names))))


def main() -> int:
    if sys.argv[1] == "draw":
        print("\n".join(draw(int(sys.argv[2]))))
        return 0
    packages = {package: summary_of(package) for package in PACKAGES}
    text = json.dumps(packages, indent=2, ensure_ascii=False)
    Path("mutants/summary.json").write_text(text + "\n")
    print(text)
    shares = [summary["percent_killed"] for summary in packages.values() if summary["tried"]]
    return 0 if shares and all(isinstance(share, float) and share >= LEAST for share in shares) else 1


if __name__ == "__main__":
    sys.exit(main())
