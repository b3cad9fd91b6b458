"""Results that were stored before get their short form. A chunk at a time and each for itself: it can be broken off and run again."""

from typing import Any

from django.db import migrations

AT_ONCE = 100


def fill(apps: Any, schema_editor: Any) -> None:
    """Read each document as the pages do; who reads a result without its short form reads the document."""
    from apps.assessments.selectors.figures import figures_of
    from apps.assessments.selectors.yardstick import yardstick_of

    alias = schema_editor.connection.alias
    figures, results, versions = (
        apps.get_model(app, name).objects.using(alias)
        for app, name in (
            ("assessments", "ResultFigures"),
            ("assessments", "Result"),
            ("frameworks", "FrameworkVersion"),
        )
    )
    known: dict[int, Any] = {}
    last = 0
    rows = results.filter(figures__isnull=True).select_related("assessment").order_by("pk")
    while chunk := list(rows.filter(pk__gt=last).only("document", "assessment__version_of")[:AT_ONCE]):
        last = chunk[-1].pk
        known |= versions.in_bulk({row.assessment.version_of_id for row in chunk} - known.keys())
        made = []
        for row in chunk:
            stick = yardstick_of(row.document, known[row.assessment.version_of_id])
            found = figures_of(row.document, stick)
            made.append(figures.model(result_id=row.pk, overall=list(found.overall), areas=found.rows))
        figures.bulk_create(made)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("assessments", "0014_result_figures"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
