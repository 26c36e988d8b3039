"""Keep what persons do to groups, and how a list of another hierarchy is taken back."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0008_former_names_beside_the_unit'),
    ]

    operations = [
        migrations.AddField(
            model_name='areagroup',
            name='ended_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='areagroup',
            name='former',
            field=models.JSONField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name='areagroupmember',
            name='end_basis',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='boundaryversion',
            name='journal',
            field=models.JSONField(blank=True, default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
        migrations.CreateModel(
            name='AreaGroupAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('listed', 'lưu danh sách'), ('imported', 'nạp từ tệp'), ('removed', 'cho ra khỏi nhóm'), ('renamed', 'đổi tên'), ('ended', 'kết thúc nhóm')], max_length=10)),
                ('on_day', models.DateField()),
                ('basis', models.CharField(blank=True, max_length=300)),
                ('told', models.CharField(blank=True, max_length=500)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.CharField(blank=True, max_length=200)),
                ('journal', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='areas.areagroup')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['listed', 'imported', 'removed', 'renamed', 'ended'])), name='area_group_act_is_known')],
            },
        ),
    ]
