"""Very many assessments at once: the figures of `shared-mean`, exact to the last digit, in NumPy integers.

Import from here, not from `apps.scoring`, which stays free of NumPy. Where a framework's numbers do not fit into
63 bits, `BulkPlan.for_framework` raises `NotInBulk`; `score_sets` then takes the exact path by itself.
"""

from __future__ import annotations

from apps.scoring.bulk.cells import BulkAnswers, encode, fresh_since, worn
from apps.scoring.bulk.denominators import NotInBulk
from apps.scoring.bulk.one_by_one import score_sets
from apps.scoring.bulk.plan import BulkPlan
from apps.scoring.bulk.rolling import BulkOrganisations, BulkTallies, roll_up_in_bulk
from apps.scoring.bulk.scores import NO_LEVEL, BulkScores

__all__ = [
    "NO_LEVEL",
    "BulkAnswers",
    "BulkOrganisations",
    "BulkPlan",
    "BulkScores",
    "BulkTallies",
    "NotInBulk",
    "encode",
    "fresh_since",
    "roll_up_in_bulk",
    "score_sets",
    "worn",
]
