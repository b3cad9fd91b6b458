"""Evidence becomes a thing of the assessment that supports one or more questions; files get keys and states."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

BATCH = 1000


def link_each_piece(apps: Any, schema_editor: Any) -> None:
    """Every piece keeps the question it had, with who accepted it there."""
    piece, link = apps.get_model("assessments", "Evidence"), apps.get_model("assessments", "EvidenceLink")
    rows = piece.objects.order_by("pk").iterator(chunk_size=BATCH)
    links = []
    for row in rows:
        links.append(
            link(
                member_id=row.member_id,
                evidence_id=row.pk,
                indicator_id=row.indicator_id,
                accepted_by_id=row.accepted_by_id,
                attached_by_id=row.added_by_id,
                attached_at=row.added_at,
            )
        )
        if len(links) == BATCH:
            link.objects.bulk_create(links)
            links = []
    link.objects.bulk_create(links)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_eleven_levels"),
        ("frameworks", "0001_initial"),
        ("members", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attached_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attached_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="assessments.evidence",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="frameworks.indicator",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.member"
                    ),
                ),
            ],
            options={"ordering": ["attached_at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.UniqueConstraint(
                fields=("member", "evidence", "indicator"), name="one_link_to_a_question"
            ),
        ),
        migrations.RunPython(link_each_piece, migrations.RunPython.noop, elidable=True),
    ]
