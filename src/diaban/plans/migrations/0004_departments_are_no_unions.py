"""
Departments that were kept as associations because of "xã hội" in their names.

"Sở Lao động - Thương binh và Xã hội" was taken for a hội, which can only be asked; what it owed
was then never counted as overdue. Bodies made since are classed right.
"""

import re

from django.db import migrations

from diaban.core.text import fold

_DEPARTMENT = re.compile(r"^(?:so|phong|chi cuc|bao hiem)\b")
# What the old rule took for "hội" in other names.
_TAKEN_FOR_HOI = re.compile(r"\bxa hoi\b|\bhoi dong\b")
_UNION = re.compile(
    r"\bto chuc chinh tri\b|(?<!\bxa )\bhoi\b(?! dong)|\bdoan (?:thanh nien|tncs)\b|\btinh doan\b"
    r"|\bcong doan\b|\blien doan\b|\bdoan the\b"
)


def _is_no_union(name):
    key = fold(name)
    if _DEPARTMENT.search(key):
        return True
    return bool(_TAKEN_FOR_HOI.search(key)) and not _UNION.search(key)


def class_again(apps, _schema):
    agencies = apps.get_model("agencies", "Agency").objects.filter(kind="union")
    wrong = [one.pk for one in agencies.only("name") if _is_no_union(one.name)]
    agencies.filter(pk__in=wrong).update(kind="department")
    shares = apps.get_model("plans", "Share").objects
    shares.filter(agency__in=wrong, duty__requested=False).update(requested=False)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_names_and_inheritance"),
        ("plans", "0003_calendar_phases_and_handovers"),
    ]

    operations = [migrations.RunPython(class_again, migrations.RunPython.noop)]
