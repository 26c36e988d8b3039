from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('action', models.CharField(max_length=100)),
                ('subject', models.CharField(max_length=200)),
                ('area_code', models.CharField(blank=True, max_length=20)),
                ('detail', models.JSONField(default=dict)),
                ('seal', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', '-at'], name='audit_by_area'), models.Index(fields=['subject', '-at'], name='audit_by_subject')],
            },
        ),
    ]
