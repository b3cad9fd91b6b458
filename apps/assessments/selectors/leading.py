"""Which framework leads where results on several exist: levels of two frameworks are never mixed.

The shared framework leads; then what a programme asked for in a round; then anything else a member did by itself.
"""

from __future__ import annotations

from django.db.models import Case, Exists, Q, Value, When

from apps.assessments.models import Round
from apps.assessments.querysets import ResultQuerySet
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import SHARED
from apps.members.models import Programme

FRAMEWORK = "assessment__version_of__framework__slug"


def leading_first(rows: ResultQuerySet) -> ResultQuerySet:
    """The same results: those on the shared framework first, then those of rounds, then others; each newest first."""
    rank = Case(
        When(**{FRAMEWORK: SHARED}, then=Value(0)),
        When(assessment__round__isnull=False, then=Value(1)),
        default=Value(2),
    )
    return rows.order_by(rank, "-computed_at", "-pk")


def on_shared(rows: ResultQuerySet) -> ResultQuerySet:
    """Only results on the shared framework: its areas are what help is asked and offered in.

    On a site where it was never published, every result counts.
    """
    published = FrameworkVersion.objects.published().filter(framework__slug=SHARED)
    return rows.filter(Q(**{FRAMEWORK: SHARED}) | ~Exists(published))


def framework_of(programme: Programme) -> str:
    """The slug of the framework that a programme sees its members by; "" on a site where any may be. 2 queries at most.

    The shared one, unless the programme has rounds and none of them asked for it: then that of its newest round.
    """
    asked = Round.objects.filter(programme=programme).order_by("-opens_on", "-pk")
    slugs = list(asked.values_list("version__framework__slug", flat=True))
    if slugs and SHARED not in slugs:
        return str(slugs[0])
    return SHARED if FrameworkVersion.objects.published().filter(framework__slug=SHARED).exists() else ""


def results_in(rows: ResultQuerySet, framework: str) -> ResultQuerySet:
    """Only results on this framework; all of them where it is ""."""
    return rows.filter(**{FRAMEWORK: framework}) if framework else rows
