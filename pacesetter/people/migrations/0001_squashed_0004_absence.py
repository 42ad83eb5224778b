"""What 0001 to 0004 come to, in one step (docs/adr/0012): a database that has only some of them goes on with them."""

import datetime
import django.core.validators
import django.db.models.deletion
import pacesetter.people.models.person
from django.conf import settings
from django.db import migrations, models

from pacesetter.people.migrations._tables import Tables


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_question'), ('people', '0003_recording_days'), ('people', '0004_absence')]

    initial = True

    dependencies = [
    ]

    operations = [
        Tables(
            tables=[
                migrations.CreateModel(
                    name='EntityMaster',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entity', models.CharField(max_length=40, unique=True)),
                        ('source', models.CharField(max_length=60)),
                    ],
                ),
                migrations.CreateModel(
                    name='Region',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='区域')),
                    ],
                ),
                migrations.CreateModel(
                    name='WorkCalendar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, unique=True, verbose_name='名称')),
                        ('pattern', models.CharField(default='five_day', max_length=10, verbose_name='工作制')),
                        ('country', models.CharField(blank=True, default='CN', max_length=2)),
                    ],
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('login', models.CharField(default=pacesetter.people.models.person.new_login, editable=False, max_length=64, unique=True)),
                        ('name', models.CharField(max_length=80, verbose_name='姓名')),
                        ('employee_no', models.CharField(blank=True, max_length=40, null=True, unique=True, verbose_name='工号')),
                        ('mobile', models.CharField(blank=True, max_length=20, null=True, unique=True, verbose_name='手机')),
                        ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='邮箱')),
                        ('hire_on', models.DateField(blank=True, null=True, verbose_name='入职日期')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                        ('language', models.CharField(blank=True, default='', max_length=10)),
                        ('theme', models.CharField(blank=True, default='', max_length=10)),
                        ('density', models.CharField(blank=True, default='', max_length=10)),
                        ('access_version', models.PositiveIntegerField(default=1)),
                        ('extra', models.JSONField(blank=True, default=dict)),
                        ('access_ended', models.BooleanField(default=False)),
                        ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['name'], name='people_person_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('may_write', models.BooleanField(default=False)),
                        ('created_at', models.DateTimeField()),
                        ('last_used_at', models.DateTimeField(null=True)),
                        ('revoked_at', models.DateTimeField(null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='ClosedPeriod',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('start', models.DateField(verbose_name='开始')),
                        ('end', models.DateField(verbose_name='结束（不含）')),
                        ('closed_at', models.DateTimeField()),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['start'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='people_closed_order')],
                    },
                ),
                migrations.CreateModel(
                    name='DeviceSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('session_key', models.CharField(max_length=64, unique=True)),
                        ('label', models.CharField(blank=True, default='', max_length=120)),
                        ('created_at', models.DateTimeField()),
                        ('last_seen_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='device_sessions', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='ExternalId',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=60)),
                        ('entity', models.CharField(max_length=40)),
                        ('external_id', models.CharField(max_length=200)),
                        ('object_id', models.BigIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['entity', 'object_id'], name='people_external_object')],
                        'constraints': [models.UniqueConstraint(fields=('source', 'entity', 'external_id'), name='people_external_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('kind', models.CharField(default='invite', max_length=10)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='生效日')),
                        ('valid_to', models.DateField(default=datetime.date(9999, 12, 31), verbose_name='失效日（不含）')),
                        ('role', models.CharField(max_length=20, verbose_name='角色')),
                        ('reason', models.CharField(blank=True, default='', max_length=500)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='people_role_order'), models.UniqueConstraint(fields=('person', 'role', 'valid_from'), name='people_role_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StageOverride',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='生效日')),
                        ('valid_to', models.DateField(default=datetime.date(9999, 12, 31), verbose_name='失效日（不含）')),
                        ('stage', models.CharField(choices=[('newcomer', '新人期'), ('growth', '成长期'), ('mature', '成熟期'), ('unknown', '阶段未知')], max_length=10)),
                        ('reason', models.CharField(max_length=500)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_overrides', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='people_stage_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Team',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='团队')),
                        ('code', models.CharField(blank=True, max_length=60, null=True, unique=True, verbose_name='团队编号')),
                        ('closed_on', models.DateField(blank=True, null=True)),
                        ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_teams', to=settings.AUTH_USER_MODEL)),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.region', verbose_name='区域')),
                        ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.workcalendar')),
                    ],
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='生效日')),
                        ('valid_to', models.DateField(default=datetime.date(9999, 12, 31), verbose_name='失效日（不含）')),
                        ('title', models.CharField(blank=True, default='', max_length=80, verbose_name='职务')),
                        ('primary', models.BooleanField(default=True)),
                        ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='managed', to=settings.AUTH_USER_MODEL, verbose_name='直属上级')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.region')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.team')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['team', 'valid_from'], name='people_member_team')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='people_member_order'), models.CheckConstraint(condition=models.Q(('person', models.F('manager')), _negated=True), name='people_member_not_own_manager'), models.UniqueConstraint(condition=models.Q(('primary', True), ('valid_to', datetime.date(9999, 12, 31))), fields=('person',), name='people_member_one_primary'), models.UniqueConstraint(fields=('person', 'team', 'valid_from'), name='people_member_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamClosure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='生效日')),
                        ('valid_to', models.DateField(default=datetime.date(9999, 12, 31), verbose_name='失效日（不含）')),
                        ('depth', models.PositiveSmallIntegerField()),
                        ('ancestor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='below', to='people.team')),
                        ('descendant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='above', to='people.team')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['descendant', 'ancestor'], name='people_closure_up')],
                        'constraints': [models.UniqueConstraint(fields=('ancestor', 'descendant', 'valid_from'), name='people_closure_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamPlace',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(default=datetime.date(1900, 1, 1), verbose_name='生效日')),
                        ('valid_to', models.DateField(default=datetime.date(9999, 12, 31), verbose_name='失效日（不含）')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_places', to='people.team')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='people.team')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='people_place_order'), models.CheckConstraint(condition=models.Q(('team', models.F('parent')), _negated=True), name='people_place_not_self'), models.UniqueConstraint(fields=('team', 'valid_from'), name='people_place_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Company',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='公司名称')),
                        ('currency', models.CharField(default='CNY', max_length=3, verbose_name='币种')),
                        ('zone', models.CharField(default='Asia/Shanghai', max_length=60, verbose_name='时区')),
                        ('fiscal_start_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='财年起始月')),
                        ('performance_start_day', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(28)], verbose_name='绩效月起始日')),
                        ('history_complete_from', models.DateField(blank=True, null=True, verbose_name='历史数据完整起始日')),
                        ('newcomer_months', models.PositiveSmallIntegerField(default=3, verbose_name='新人期（月）')),
                        ('growth_months', models.PositiveSmallIntegerField(default=12, verbose_name='成长期至（月）')),
                        ('ramp_newcomer', models.PositiveSmallIntegerField(default=50, verbose_name='新人期爬坡系数（%）')),
                        ('ramp_growth', models.PositiveSmallIntegerField(default=80, verbose_name='成长期爬坡系数（%）')),
                        ('align_spring_festival', models.BooleanField(default=False, verbose_name='同比按春节对齐')),
                        ('direction_colours', models.CharField(default='neutral', max_length=10, verbose_name='涨跌色')),
                        ('wizard_done', models.BooleanField(default=False)),
                        ('calendar', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='people.workcalendar', verbose_name='工作日历')),
                        ('recording_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(1095)], verbose_name='拜访录音保留天数')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='people_company_one'), models.CheckConstraint(condition=models.Q(('fiscal_start_month__gte', 1), ('fiscal_start_month__lte', 12)), name='people_company_fiscal'), models.CheckConstraint(condition=models.Q(('performance_start_day__gte', 1), ('performance_start_day__lte', 28)), name='people_company_perf'), models.CheckConstraint(condition=models.Q(('recording_days__gte', 7), ('recording_days__lte', 1095)), name='people_company_recordings')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField()),
                        ('weight', models.PositiveSmallIntegerField(default=1)),
                        ('name', models.CharField(blank=True, default='', max_length=60)),
                        ('provisional', models.BooleanField(default=False)),
                        ('overridden', models.BooleanField(default=False)),
                        ('week', models.CharField(max_length=8)),
                        ('month', models.CharField(max_length=7)),
                        ('quarter', models.CharField(max_length=6)),
                        ('year', models.CharField(max_length=4)),
                        ('fiscal_quarter', models.CharField(max_length=8)),
                        ('fiscal_year', models.CharField(max_length=6)),
                        ('performance_month', models.CharField(max_length=10)),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='people.workcalendar')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='people_calendar_day_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Question',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('metric', models.CharField(max_length=80)),
                        ('basis', models.CharField(blank=True, default='', max_length=40)),
                        ('scope', models.CharField(blank=True, default='', max_length=400)),
                        ('period', models.CharField(max_length=40)),
                        ('shown_top', models.BigIntegerField()),
                        ('shown_bottom', models.BigIntegerField(null=True)),
                        ('shown_n', models.BigIntegerField()),
                        ('text', models.CharField(max_length=500, verbose_name='问题')),
                        ('asked_at', models.DateTimeField()),
                        ('answer', models.CharField(blank=True, default='', max_length=1000, verbose_name='回答')),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('noted_at', models.DateTimeField(null=True)),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_at', '-id'],
                        'indexes': [models.Index(fields=['metric', 'period', 'scope'], name='people_question_number'), models.Index(fields=['asked_by', 'asked_at'], name='people_question_asker'), models.Index(fields=['answered_at', 'asked_at'], name='people_question_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='people_question_asks'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='people_question_answer_whole'), models.CheckConstraint(condition=models.Q(('answered_at', None), ('withdrawn_at', None), _connector='OR'), name='people_question_one_end')],
                    },
                ),
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('leave', '休假'), ('sick', '病假'), ('parental', '产假、陪产假和育儿假'), ('training', '脱产培训'), ('other', '其他')], max_length=10, verbose_name='类别')),
                        ('start', models.DateField(verbose_name='开始')),
                        ('end', models.DateField(verbose_name='结束（不含）')),
                        ('recorded_at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-start', '-id'],
                        'indexes': [models.Index(fields=['start', 'end'], name='people_absence_when')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='people_absence_order'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', False), ('withdrawn_by', None), _connector='OR'), name='people_absence_withdrawn')],
                    },
                ),
            ],
        ),
    ]
