import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_areas_with_a_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('period_kind', models.CharField(max_length=10)),
                ('sections', models.JSONField()),
                ('hamlet_codes', models.JSONField()),
                ('heads', models.JSONField(default=dict)),
                ('due_days', models.PositiveSmallIntegerField()),
                ('source', models.CharField(max_length=300)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'number'), name='form_version_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='form_version_span_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('hamlet_codes', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rosters', to='areas.area')),
            ],
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=8)),
                ('form', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('returned', 'returned'), ('approved', 'approved'), ('locked', 'locked')], max_length=10)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('document', models.JSONField()),
                ('unread', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('receipt', models.CharField(blank=True, max_length=40)),
                ('client_key', models.CharField(blank=True, max_length=64)),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.CharField(max_length=200)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='areas.area')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.formversion')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.roster')),
            ],
        ),
        migrations.CreateModel(
            name='KeptTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=8)),
                ('returns', models.PositiveIntegerField(default=0)),
                ('sums', models.BinaryField()),
                ('reporting', models.BinaryField()),
                ('units', models.BinaryField()),
                ('updated_at', models.DateTimeField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='areas.area')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.formversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'version', 'area'), name='total_once_per_area_and_period')],
            },
        ),
        migrations.CreateModel(
            name='PackedReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=8)),
                ('hamlets', models.PositiveSmallIntegerField()),
                ('commune_values', models.BinaryField()),
                ('hamlet_values', models.BinaryField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='areas.area')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.formversion')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='packed', to='indicators.return')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'version', 'area'), name='packed_once_per_area_and_period')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(max_length=10)),
                ('document', models.JSONField()),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='indicators.return')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('of', 'number'), name='revision_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.UniqueConstraint(fields=('commune', 'number'), name='roster_once'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(fields=['area', 'period'], name='return_by_area'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(fields=('period', 'form', 'area'), name='return_once_per_area_and_period'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'approved', 'locked'])), name='return_state_is_known'),
        ),
    ]
