import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_areas_with_a_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('short_name', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(choices=[('police', 'police'), ('committee', 'committee'), ('department', 'department'), ('military', 'military'), ('media', 'media'), ('front', 'front'), ('union', 'union'), ('court', 'court'), ('prosecution', 'prosecution'), ('party', 'party')], max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='areas.area')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'code', 'valid_from'), name='agency_code_once_in_area'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='agency_span_runs_forward')],
            },
        ),
    ]
