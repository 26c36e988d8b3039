"""A campaign remembers the phase of a plan that it was opened for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0009_campaigns_beside_months")]

    operations = [
        migrations.AddField(
            "campaign", "origin", models.CharField(max_length=40, blank=True, default="")
        ),
    ]
