"""
Take hamlets off maps on which they never lived.

Changes published before hamlets were carried to the new map only left hamlets that begin on the
effective day, or later, on the map before as well, and took hamlets along that had ended. What is
taken off the map before goes into the journal of its change, so that undoing puts it back.
"""

from django.db import migrations
from django.db.models import F

_ROWS = ("id", "version_id", "area_id", "parent_id", "left", "right", "depth")


def clear(apps, schema_editor):
    """Delete places of hamlets outside their days; remember those that undoing needs."""
    placements = apps.get_model("areas", "Placement").objects.filter(
        version__tree="administrative", area__level="hamlet"
    )
    changes = apps.get_model("areas", "Change").objects
    unborn = placements.filter(area__valid_from__gte=F("version__valid_to"))
    for version, end in unborn.values_list("version", "version__valid_to").distinct().order_by():
        rows = unborn.filter(version=version)
        change = changes.filter(version__valid_from=end, state="published").first()
        if change is not None:
            line = {"removed": "areas.placement", "rows": list(rows.order_by("pk").values(*_ROWS))}
            change.journal = [*change.journal, line]
            change.save(update_fields=["journal"])
    placements.filter(
        pk__in=list(unborn.values_list("pk", flat=True))
        + list(
            placements.filter(area__valid_to__lte=F("version__valid_from")).values_list(
                "pk", flat=True
            )
        )
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("areas", "0006_hierarchies_and_dated_groups")]

    operations = [migrations.RunPython(clear, migrations.RunPython.noop, elidable=True)]
