"""A user's own language, in which the morning's mail is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_data_office")]

    operations = [
        migrations.AddField("user", "language", models.CharField(max_length=2, default="vi")),
    ]
