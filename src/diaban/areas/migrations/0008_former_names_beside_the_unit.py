"""
Keep the names before the latest beside the unit that bore them.

So every page says the name of the day it speaks of: a name decreed for a day to come was shown at
once wherever a page did not ask the history.
"""

from itertools import groupby
from operator import itemgetter

from django.db import migrations, models


def fill(apps, schema_editor):
    """Write the former names of units that had more than one."""
    areas = apps.get_model("areas", "Area").objects
    names = apps.get_model("areas", "AreaName").objects
    several = names.values("area_id").annotate(n=models.Count("pk")).filter(n__gt=1)
    rows = (
        names.filter(area__in=several.values("area_id"))
        .order_by("area_id", "valid_from")
        .values_list("area_id", "valid_to", "type", "name")
    )
    for area, group in groupby(list(rows), key=itemgetter(0)):
        former = [
            [until.isoformat(), type_word, name]
            for _, until, type_word, name in list(group)[:-1]
            if until is not None
        ]
        areas.filter(pk=area).update(former=former)


class Migration(migrations.Migration):
    dependencies = [("areas", "0007_hamlets_stand_where_they_live")]

    operations = [
        migrations.AddField(
            model_name="area",
            name="former",
            field=models.JSONField(blank=True, default=None, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
