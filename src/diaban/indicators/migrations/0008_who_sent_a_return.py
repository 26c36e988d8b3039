from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def name_senders(apps, schema_editor):
    """Name who sent what was sent before: whoever wrote its newest sent revision, or its first."""
    Return = apps.get_model("indicators", "Return")
    Revision = apps.get_model("indicators", "Revision")
    sent = Revision.objects.filter(of=OuterRef("pk"), state="submitted").order_by("-number")
    first = Revision.objects.filter(of=OuterRef("pk")).order_by("number")
    Return.objects.filter(submitted_at__isnull=False).update(
        submitted_by=Coalesce(
            Subquery(sent.values("by")[:1]), Subquery(first.values("by")[:1]), Value("")
        )
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_import_jobs")]

    operations = [
        migrations.AddField(
            model_name="return",
            name="submitted_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RunPython(name_senders, migrations.RunPython.noop),
    ]
