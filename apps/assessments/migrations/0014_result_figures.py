from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0013_remark_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResultFigures",
            fields=[
                (
                    "result",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="figures",
                        serialize=False,
                        to="assessments.result",
                    ),
                ),
                ("overall", models.JSONField()),
                ("areas", models.TextField()),
            ],
            options={"verbose_name_plural": "result figures"},
        ),
    ]
