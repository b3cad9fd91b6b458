"""Several certificates an enrolment, each with a signed credential and a bit in the list of those withdrawn; accepted work."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="credential",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="certificate",
            name="place",
            field=models.PositiveIntegerField(blank=True, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="certificate",
            name="shows_name",
            field=models.BooleanField(
                default=True, help_text="Whether the page for everybody says the name."
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="courses.enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="superseded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaced",
                to="courses.certificate",
            ),
        ),
        migrations.CreateModel(
            name="AcceptedWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=apps.core.ids.new_public_id, editable=False, max_length=20, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("accepted_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted_work",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
