"""How much releases of the peer benchmark help somebody who knows nearly everything, over many worlds, as JSON.

Gain over the best guess without releases, in points, with two standard errors; fixed seeds, so that it can be repeated.
Exits with 1 where an interval reaches over five. Usage: attack_benchmark.py [worlds, 80000 unless told] [shape …]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from apps.benchmark.rules import FEWEST, FEWEST_CHANGED  # noqa: E402
from tests.benchmark.attacker import measure  # noqa: E402
from tests.benchmark.worlds import SHAPES  # noqa: E402

MOST_POINTS = 5.0
SEED = 20261122


def main() -> int:
    """Measure each shape of community; say so on the way."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    rows = []
    for shape in sys.argv[2:] or SHAPES:
        for name, gain, error in measure(worlds, shape, seed=SEED):
            rows.append({"shape": shape, "attack": name, "gain": round(gain, 2), "error": round(error, 2)})
            print(f"{shape}, {name}: {gain:.2f} ± {error:.2f}", file=sys.stderr, flush=True)
    rules = {"fewest": FEWEST, "fewest_changed": FEWEST_CHANGED, "worlds": worlds, "limit": MOST_POINTS}
    print(json.dumps({"rules": rules, "attacks": rows}, indent=2))
    return int(any(row["gain"] + row["error"] > MOST_POINTS for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
