"""Reminders, uploads, answers and consolidations take the label of a campaign, as returns do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_who_sent_a_return")]

    operations = [
        migrations.AlterField(name, "period", models.CharField(max_length=24))
        for name in ("returnreminder", "importjob", "consolidation", "answer")
    ]
