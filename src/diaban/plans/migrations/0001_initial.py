import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_areas_with_a_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=200)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='areas.area')),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=500)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('issuer', models.CharField(blank=True, max_length=200)),
                ('reading', models.JSONField()),
                ('state', models.CharField(choices=[('read', 'read'), ('published', 'published')], max_length=10)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='areas.area')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='plans.document')),
            ],
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('area', 'digest'), name='document_once_in_area'),
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(fields=['area'], name='plan_by_area'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('document', 'index'), name='plan_once_in_document'),
        ),
    ]
