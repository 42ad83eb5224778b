"""What 0001 to 0005 come to, in one step (docs/adr/0012): a database that has only some of them goes on with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pacesetter.people.migrations._tables import Tables


class Migration(migrations.Migration):

    replaces = [('activity', '0001_initial'), ('activity', '0002_day_index'), ('activity', '0003_day_log_and_plans'), ('activity', '0004_report_times'), ('activity', '0005_next_time')]

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('pipeline', '0001_initial'),
    ]

    operations = [
        Tables(
            tables=[
                migrations.CreateModel(
                    name='ActivityKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=40, unique=True)),
                        ('zh', models.CharField(max_length=60, verbose_name='中文名称')),
                        ('en', models.CharField(max_length=60, verbose_name='英文名称')),
                        ('builtin', models.BooleanField(default=False)),
                        ('is_visit', models.BooleanField(default=False, verbose_name='按有效拜访规则判断')),
                        ('active', models.BooleanField(default=True)),
                        ('needs_note', models.BooleanField(default=False, verbose_name='要求备注')),
                        ('needs_photo', models.BooleanField(default=False, verbose_name='要求照片')),
                        ('needs_place', models.BooleanField(default=False, verbose_name='要求定位')),
                    ],
                ),
                migrations.CreateModel(
                    name='CompanyMetric',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=60, unique=True)),
                        ('zh', models.CharField(max_length=60, verbose_name='中文名称')),
                        ('en', models.CharField(max_length=60, verbose_name='英文名称')),
                        ('kind', models.CharField(max_length=40, verbose_name='活动类型')),
                        ('result', models.CharField(blank=True, default='', max_length=40, verbose_name='结果')),
                        ('effective_only', models.BooleanField(default=False, verbose_name='只计有效')),
                        ('distinct_customers', models.BooleanField(default=False, verbose_name='按客户去重')),
                        ('retired_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='VisitRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(unique=True)),
                        ('contact', models.BooleanField(default=True, verbose_name='见到联系人')),
                        ('result', models.BooleanField(default=True, verbose_name='有结果')),
                        ('next_step', models.BooleanField(default=True, verbose_name='有带日期的下一步')),
                        ('min_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='最短时长（分钟）')),
                        ('entry_hours', models.PositiveSmallIntegerField(default=0, verbose_name='录入时限（小时，0 不限）')),
                        ('duplicate_days', models.PositiveSmallIntegerField(default=0, verbose_name='同一客户几天内不重复计')),
                        ('back_days', models.PositiveSmallIntegerField(default=3, verbose_name='可补录天数')),
                        ('place', models.BooleanField(default=False, verbose_name='要求定位')),
                    ],
                ),
                migrations.CreateModel(
                    name='Activity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('growth_stage', models.CharField(choices=[('newcomer', '新人期'), ('growth', '成长期'), ('mature', '成熟期'), ('unknown', '阶段未知')], default='unknown', max_length=10)),
                        ('code', models.CharField(blank=True, max_length=120, null=True, unique=True)),
                        ('kind', models.CharField(db_index=True, max_length=40, verbose_name='类型')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('at', models.DateTimeField(null=True, verbose_name='时间')),
                        ('contact_name', models.CharField(blank=True, default='', max_length=80, verbose_name='联系人')),
                        ('result', models.CharField(blank=True, default='', max_length=40, verbose_name='结果')),
                        ('next_step', models.CharField(blank=True, default='', max_length=200, verbose_name='下一步')),
                        ('next_on', models.DateField(blank=True, null=True, verbose_name='下一步日期')),
                        ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='时长（分钟）')),
                        ('note', models.TextField(blank=True, default='', verbose_name='备注')),
                        ('state', models.CharField(blank=True, choices=[('valid', '有效'), ('unverified', '待核实'), ('not_effective', '不计有效'), ('confirmed', '主管确认')], default='', max_length=14)),
                        ('effective', models.BooleanField(null=True)),
                        ('failed', models.JSONField(blank=True, default=list)),
                        ('entered_at', models.DateTimeField()),
                        ('entered_late', models.BooleanField(default=False)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('extra', models.JSONField(blank=True, default=dict)),
                        ('companion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.contact')),
                        ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='pipeline.customer')),
                        ('deal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='pipeline.deal')),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='pipeline.lead')),
                        ('manager', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('region', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.region')),
                        ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activity.visitrule')),
                        ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='谈到的金额')),
                        ('backdated', models.BooleanField(default=False)),
                        ('burst', models.BooleanField(default=False)),
                        ('channel', models.CharField(choices=[('sheet', '页面'), ('outbox', '离线补交'), ('text', '一句话'), ('chat', '聊天工具'), ('api', '接口'), ('import', '导入')], default='sheet', max_length=10)),
                        ('delay_minutes', models.IntegerField(null=True)),
                        ('entered_hour', models.PositiveSmallIntegerField(null=True)),
                        ('key', models.UUIDField(null=True, unique=True)),
                        ('on_site', models.BooleanField(null=True)),
                        ('place_lat', models.IntegerField(null=True)),
                        ('place_lon', models.IntegerField(null=True)),
                        ('place_metres', models.PositiveIntegerField(null=True)),
                        ('seconds', models.PositiveIntegerField(null=True, verbose_name='录入用时（秒）')),
                        ('twin', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='activity.activity')),
                        ('next_time', models.TimeField(blank=True, null=True, verbose_name='下一步时间')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person', 'on'], name='activity_person_on'), models.Index(fields=['kind', 'on'], name='activity_kind_on'), models.Index(fields=['on'], name='activity_on')],
                    },
                ),
                migrations.CreateModel(
                    name='HintSetting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=30, unique=True)),
                        ('active', models.BooleanField(default=True, verbose_name='启用')),
                        ('days', models.PositiveSmallIntegerField(default=0, verbose_name='天数')),
                    ],
                ),
                migrations.CreateModel(
                    name='ReportTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(unique=True)),
                        ('sections', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='Scorecard',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(unique=True)),
                        ('questions', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('who', models.CharField(max_length=80, verbose_name='谁同意的')),
                        ('how', models.CharField(max_length=10, verbose_name='怎样同意的')),
                        ('given_on', models.DateField()),
                        ('at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.contact')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.customer')),
                        ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Norm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('metric', models.CharField(max_length=60, verbose_name='指标')),
                        ('per', models.CharField(choices=[('day', '每个工作日'), ('week', '每周')], max_length=4, verbose_name='周期')),
                        ('count', models.PositiveSmallIntegerField(verbose_name='数量')),
                        ('valid_from', models.DateField(verbose_name='生效日期')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('metric', 'valid_from'), name='activity_norm_once'), models.CheckConstraint(condition=models.Q(('count__lte', 200)), name='activity_norm_range')],
                    },
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(unique=True)),
                        ('kind', models.CharField(max_length=10)),
                        ('name', models.CharField(max_length=200)),
                        ('content_type', models.CharField(blank=True, default='', max_length=80)),
                        ('size', models.BigIntegerField()),
                        ('received', models.BigIntegerField(default=0)),
                        ('sha256', models.CharField(blank=True, default='', max_length=64)),
                        ('state', models.CharField(choices=[('coming', '上传中'), ('whole', '已收到'), ('removed', '已删除'), ('expired', '已到期删除')], default='coming', max_length=8)),
                        ('at', models.DateTimeField()),
                        ('keep_until', models.DateField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='activity.activity')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='activity.consent')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'recording'), _negated=True), ('consent__isnull', False), _connector='OR'), name='activity_recording_consent'), models.CheckConstraint(condition=models.Q(('received__gte', 0), ('received__lte', models.F('size'))), name='activity_file_received')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('first_on', models.DateField()),
                        ('time', models.TimeField(blank=True, null=True, verbose_name='时间')),
                        ('kind', models.CharField(default='visit', max_length=40, verbose_name='类型')),
                        ('purpose', models.CharField(blank=True, default='', max_length=200, verbose_name='要做什么')),
                        ('state', models.CharField(choices=[('open', '待办'), ('done', '已完成'), ('dropped', '已取消'), ('expired', '已过期')], default='open', max_length=8)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(blank=True, default='', max_length=200)),
                        ('created_at', models.DateTimeField()),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='pipeline.customer')),
                        ('deal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='pipeline.deal')),
                        ('done_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan', to='activity.activity')),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='pipeline.lead')),
                        ('origin', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next_plan', to='activity.activity')),
                        ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person', 'state', 'on'], name='activity_plan_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_by', None)), _connector='OR'), name='activity_plan_done_by'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='activity_plan_ended'), models.CheckConstraint(condition=models.Q(('customer__isnull', False), ('deal__isnull', False), ('lead__isnull', False), _connector='OR'), name='activity_plan_about')],
                    },
                ),
                migrations.CreateModel(
                    name='NeedsReport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answers', models.JSONField(default=dict)),
                        ('read_at', models.DateTimeField(null=True)),
                        ('reply', models.CharField(blank=True, default='', max_length=500, verbose_name='回复')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('activity', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='report', to='activity.activity')),
                        ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activity.reporttemplate')),
                        ('sent_at', models.DateTimeField()),
                        ('replied_at', models.DateTimeField(null=True)),
                        ('seen_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['reader', 'read_at'], name='activity_report_reader')],
                    },
                ),
                migrations.CreateModel(
                    name='Observation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scores', models.JSONField(default=dict)),
                        ('did_well', models.CharField(blank=True, default='', max_length=300, verbose_name='做得好的')),
                        ('to_try', models.CharField(blank=True, default='', max_length=300, verbose_name='下次试试')),
                        ('at', models.DateTimeField()),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='activity.activity')),
                        ('observer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('scorecard', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activity.scorecard')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('activity', 'observer'), name='activity_observation_once')],
                    },
                ),
            ],
        ),
    ]
