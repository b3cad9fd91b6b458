"""Evidence loses its one question, gains an own last day, states of scanning and the key of its file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_evidence_of_many"),
        ("members", "0002_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="evidence",
            name="accepted_by",
        ),
        migrations.RemoveField(
            model_name="evidence",
            name="indicator",
        ),
        migrations.AddField(
            model_name="evidence",
            name="expires_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file_key",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="evidence",
            name="key_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="evidence",
            name="released_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The lead who let colleagues open a file that cannot be scanned.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="evidence",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("described", "Description"),
                    ("held", "Held, cannot be shared"),
                    ("link", "Link"),
                    ("file", "File"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("waiting", "Waiting to be scanned"),
                    ("clean", "Scanned, nothing found"),
                    ("infected", "Infected: locked away"),
                    ("locked", "Cannot be scanned: a password hides its content"),
                    ("unreachable", "The scanner does not answer; it is tried again"),
                    ("not_scanned", "Not scanned for viruses"),
                ],
                default="not_scanned",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["member", "removed_at"], name="evidence_of_member"),
        ),
    ]
