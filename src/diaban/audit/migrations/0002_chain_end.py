"""Count the entries of the log, so that losing the newest ones is seen."""

from django.db import migrations, models


def count_entries(apps, schema_editor):
    """Start from the entries that a database of before holds."""
    entries = apps.get_model("audit", "Entry").objects.count()
    apps.get_model("audit", "ChainEnd").objects.create(pk=1, entries=entries)


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ChainEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entries", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="audit_one_end_of_chain")
                ],
            },
        ),
        migrations.RunPython(count_entries, migrations.RunPython.noop),
    ]
