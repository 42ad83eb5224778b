"""What 0001 comes to, in one step (docs/adr/0012)."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from pacesetter.people.migrations._tables import Tables


class Migration(migrations.Migration):

    replaces = [('imports', '0001_initial')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            tables=[
                migrations.CreateModel(
                    name='Batch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('preset', models.CharField(blank=True, default='', max_length=80, verbose_name='预设')),
                        ('mapping', models.JSONField(default=dict)),
                        ('take_good', models.BooleanField(default=False, verbose_name='只导入正确的行')),
                        ('on_existing', models.CharField(choices=[('skip', '跳过'), ('fill', '只补空白'), ('overwrite', '用文件覆盖')], default='fill', max_length=10, verbose_name='已有的记录')),
                        ('state', models.CharField(choices=[('uploaded', '已上传'), ('checking', '预检中'), ('checked', '已预检'), ('queued', '等待导入'), ('promoting', '导入中'), ('done', '已导入'), ('refused', '有错，未导入'), ('cancelled', '已取消'), ('undone', '已撤销'), ('failed', '中断')], default='uploaded', max_length=10, verbose_name='状态')),
                        ('phase', models.CharField(blank=True, default='', max_length=20)),
                        ('rows_total', models.IntegerField(default=0)),
                        ('rows_done', models.IntegerField(default=0)),
                        ('rows_per_second', models.IntegerField(default=0)),
                        ('files', models.JSONField(default=list)),
                        ('totals', models.JSONField(default=dict)),
                        ('entries', models.JSONField(default=list)),
                        ('created_at', models.DateTimeField(verbose_name='时间')),
                        ('started_at', models.DateTimeField(null=True)),
                        ('heartbeat_at', models.DateTimeField(null=True)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('undone_at', models.DateTimeField(null=True)),
                        ('claim', models.CharField(blank=True, default='', max_length=40)),
                        ('cancel_asked', models.BooleanField(default=False)),
                        ('note', models.CharField(blank=True, default='', max_length=300)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['state'], name='imports_batch_state')],
                    },
                ),
                migrations.CreateModel(
                    name='BatchFault',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.CharField(max_length=200)),
                        ('row', models.IntegerField(null=True)),
                        ('column', models.CharField(blank=True, default='', max_length=200)),
                        ('value', models.CharField(blank=True, default='', max_length=200)),
                        ('code', models.CharField(max_length=40)),
                        ('params', models.JSONField(default=dict)),
                        ('level', models.CharField(default='error', max_length=10)),
                        ('rows', models.IntegerField(default=1)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faults', to='imports.batch')),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['batch', 'level'], name='imports_fault_level')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedMapping',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='名称')),
                        ('entity', models.CharField(max_length=20, verbose_name='数据类型')),
                        ('columns', models.JSONField(default=dict)),
                        ('options', models.JSONField(default=dict)),
                        ('created_at', models.DateTimeField()),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['name'],
                    },
                ),
            ],
        ),
    ]
