import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('agencies', '0001_initial'),
        ('areas', '0001_areas_with_a_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='holding',
            name='agency',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='agencies.agency'),
        ),
        migrations.AddField(
            model_name='holding',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='areas.area'),
        ),
        migrations.AddField(
            model_name='holding',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='holding_span_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['commune_officer', 'hamlet_head', 'agency_clerk', 'appraiser', 'standing_office', 'leader', 'administrator'])), name='holding_role_is_known'),
        ),
    ]
