"""Questions of every kind; tests of a module, of the whole course, and the forms before and after it."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def name_places(apps, schema_editor):
    """Attempts carry the code and the pass mark of their module."""
    attempts, modules = apps.get_model("courses", "Attempt"), apps.get_model("courses", "Module")
    held = modules.objects.filter(pk=OuterRef("module_id"))
    attempts.objects.update(
        place=Subquery(held.values("code")[:1]), pass_mark=Subquery(held.values("pass_mark")[:1])
    )


def find_modules(apps, schema_editor):
    """The way back: an attempt at a module's test finds its module again; others cannot be kept."""
    attempts, modules = apps.get_model("courses", "Attempt"), apps.get_model("courses", "Module")
    held = modules.objects.filter(version=OuterRef("enrolment__version_of"), code=OuterRef("place"))
    attempts.objects.annotate(found=Subquery(held.values("pk")[:1])).filter(found=None).delete()
    for row in attempts.objects.annotate(found=Subquery(held.values("pk")[:1])).filter(~models.Q(found=F("module_id")) | models.Q(module=None)):
        attempts.objects.filter(pk=row.pk).update(module=row.found)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [
        migrations.AddField("question", "body", models.JSONField(default=dict)),
        migrations.AlterField("question", "options", models.JSONField(default=list)),
        migrations.AlterField(
            "question",
            "module",
            models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="questions", to="courses.module"),
        ),
        migrations.AlterField(
            "question",
            "pool",
            models.CharField(
                choices=[("practice", "Practice"), ("exam", "Module test"), ("final", "Final test"), ("forma", "Form A"), ("formb", "Form B")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            "module",
            "planned",
            models.JSONField(blank=True, default=list, help_text="Titles of lessons that are not written yet."),
        ),
        migrations.AddField("attempt", "place", models.CharField(default="", max_length=20), preserve_default=False),
        migrations.AddField("attempt", "pass_mark", models.PositiveSmallIntegerField(default=80)),
        migrations.AlterField(
            "attempt", "module",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="courses.module"),
        ),
        migrations.RunPython(name_places, find_modules),
        migrations.RemoveConstraint("attempt", "one_attempt_number"),
        migrations.RemoveConstraint("attempt", "one_open_attempt"),
        migrations.RemoveField("attempt", "module"),
        migrations.AddConstraint(
            "attempt",
            models.UniqueConstraint(fields=("enrolment", "place", "number"), name="one_attempt_number"),
        ),
        migrations.AddConstraint(
            "attempt",
            models.UniqueConstraint(
                condition=models.Q(("handed_in_at__isnull", True)), fields=("enrolment", "place"), name="one_open_attempt"
            ),
        ),
    ]
