"""The short form of results is written with them, and mended from their documents."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from apps.assessments.models import Result, ResultFigures
from apps.assessments.selectors.figures import mistaken, result_figures


def store_figures(results: Iterable[Result]) -> None:
    """Write what pages about many members read of these new results. One query for each thousand."""
    rows = [result_figures(row, row.assessment.version_of) for row in results]
    ResultFigures.objects.bulk_create(rows, batch_size=200)


def mend_figures() -> int:
    """Write anew what is missing or not what the document says; return how many there were."""
    count = 0
    for row, right in mistaken():
        with transaction.atomic():
            ResultFigures.objects.filter(result=row).delete()
            right.save(force_insert=True)
        count += 1
    return count
