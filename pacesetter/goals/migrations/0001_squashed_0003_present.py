"""What 0001 to 0003 come to, in one step (docs/adr/0012): a database that has only some of them goes on with them."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from pacesetter.people.migrations._tables import Tables


class Migration(migrations.Migration):

    replaces = [('goals', '0001_initial'), ('goals', '0002_suggestions'), ('goals', '0003_present')]

    initial = True

    dependencies = [
        ('people', '0002_question'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('pipeline', '0003_pool_and_tiers'),
    ]

    operations = [
        Tables(
            tables=[
                migrations.CreateModel(
                    name='GoalSettings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(unique=True, verbose_name='从哪天起')),
                        ('tolerance', models.PositiveIntegerField(default=0, verbose_name='容差（万分之）')),
                        ('lines', models.JSONField(default=list)),
                        ('challenge_over', models.PositiveSmallIntegerField(default=10, verbose_name='挑战线高于目标（%）')),
                        ('challenge_top', models.PositiveSmallIntegerField(default=20, verbose_name='适用于前（%）')),
                        ('whole_metrics', models.JSONField(default=list)),
                        ('decide_days', models.PositiveSmallIntegerField(default=3, verbose_name='申请几个工作日内决定')),
                        ('pace_basis', models.CharField(default='days', max_length=8, verbose_name='节奏')),
                        ('by_id', models.BigIntegerField(null=True)),
                        ('by_name', models.CharField(blank=True, default='', max_length=120)),
                    ],
                ),
                migrations.CreateModel(
                    name='Goal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('metric', models.CharField(max_length=60, verbose_name='指标')),
                        ('basis', models.CharField(blank=True, default='', max_length=20)),
                        ('layer', models.CharField(choices=[('strategic', '战略目标'), ('team', '团队目标'), ('individual', '个人目标'), ('action', '动作目标')], max_length=10, verbose_name='层级')),
                        ('owner_kind', models.CharField(choices=[('company', '公司'), ('team', '团队'), ('person', '个人')], max_length=7)),
                        ('period_kind', models.CharField(max_length=17, verbose_name='期间')),
                        ('label', models.CharField(max_length=12)),
                        ('start', models.DateField()),
                        ('end', models.DateField()),
                        ('per', models.CharField(blank=True, choices=[('', '整个期间'), ('day', '每个工作日'), ('week', '每周')], default='', max_length=4)),
                        ('customer_region', models.CharField(blank=True, default='', max_length=80, verbose_name='客户区域')),
                        ('industry', models.CharField(blank=True, default='', max_length=80, verbose_name='行业')),
                        ('customer_kind', models.CharField(blank=True, default='', max_length=10, verbose_name='新客或复购')),
                        ('made_at', models.DateTimeField()),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to=settings.AUTH_USER_MODEL)),
                        ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.product')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='people.team')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['start', 'end'], name='goals_goal_when'), models.Index(fields=['metric', 'start'], name='goals_goal_metric')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='goals_goal_order'), models.CheckConstraint(condition=models.Q(models.Q(('owner_kind', 'company'), ('person', None), ('team', None)), models.Q(('owner_kind', 'team'), ('person', None), ('team__isnull', False)), models.Q(('owner_kind', 'person'), ('person__isnull', False), ('team', None)), _connector='OR'), name='goals_goal_owner'), models.UniqueConstraint(models.F('metric'), models.F('basis'), models.F('owner_kind'), django.db.models.functions.comparison.Coalesce('team_id', 0), django.db.models.functions.comparison.Coalesce('person_id', 0), models.F('start'), models.F('end'), models.F('per'), models.F('customer_region'), models.F('industry'), django.db.models.functions.comparison.Coalesce('product_id', 0), models.F('customer_kind'), name='goals_goal_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Commitment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('value', models.BigIntegerField(verbose_name='承诺值')),
                        ('comment', models.CharField(max_length=500, verbose_name='说明')),
                        ('at', models.DateTimeField()),
                        ('by_id', models.BigIntegerField()),
                        ('by_name', models.CharField(max_length=120)),
                        ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='goals.goal')),
                    ],
                    options={
                        'ordering': ['id'],
                    },
                ),
                migrations.CreateModel(
                    name='MarketEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('policy', '政策'), ('competitor', '竞品'), ('region', '区域'), ('people', '人员'), ('supply', '供货'), ('other', '其他')], max_length=10, verbose_name='类型')),
                        ('title', models.CharField(max_length=120, verbose_name='标题')),
                        ('text', models.TextField(blank=True, default='', max_length=2000, verbose_name='说明')),
                        ('on', models.DateField(verbose_name='发生日期')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='影响到哪天')),
                        ('customer_region', models.CharField(blank=True, default='', max_length=80, verbose_name='客户区域')),
                        ('industry', models.CharField(blank=True, default='', max_length=80, verbose_name='行业')),
                        ('made_at', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(null=True)),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.product')),
                    ],
                    options={
                        'ordering': ['-on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('on')), _connector='OR'), name='goals_event_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Delegate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('start', models.DateField()),
                        ('end', models.DateField()),
                        ('reason', models.CharField(blank=True, default='', max_length=200)),
                        ('made_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegates', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='goals_delegate_order'), models.CheckConstraint(condition=models.Q(('person', models.F('delegate')), _negated=True), name='goals_delegate_other')],
                    },
                ),
                migrations.CreateModel(
                    name='GoalSuggestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField()),
                        ('now', models.BigIntegerField()),
                        ('value', models.BigIntegerField()),
                        ('figures', models.JSONField(default=dict)),
                        ('made_at', models.DateTimeField()),
                        ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='goals.goal')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('goal', 'day'), name='goals_suggestion_once'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='goals_suggestion_value')],
                    },
                ),
                migrations.CreateModel(
                    name='SuggestionAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('taken', '已采纳'), ('kept', '保持不变')], max_length=5)),
                        ('at', models.DateTimeField()),
                        ('by_id', models.BigIntegerField()),
                        ('by_name', models.CharField(max_length=120)),
                        ('suggestion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='goals.goalsuggestion')),
                    ],
                ),
                migrations.CreateModel(
                    name='Adjustment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=1000, verbose_name='为什么')),
                        ('floor', models.BigIntegerField(null=True)),
                        ('target', models.BigIntegerField()),
                        ('stretch', models.BigIntegerField(null=True)),
                        ('challenge', models.BigIntegerField(null=True)),
                        ('valid_from', models.DateField(verbose_name='从哪天起')),
                        ('evidence', models.JSONField(default=dict)),
                        ('asked_at', models.DateTimeField()),
                        ('due_on', models.DateField()),
                        ('check_on', models.DateField()),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='goals.goal')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='goals.goalversion')),
                        ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='goals.marketevent')),
                    ],
                    options={
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='GoalVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('floor', models.BigIntegerField(null=True, verbose_name='保底')),
                        ('target', models.BigIntegerField(verbose_name='目标')),
                        ('stretch', models.BigIntegerField(null=True, verbose_name='冲刺')),
                        ('challenge', models.BigIntegerField(null=True, verbose_name='挑战')),
                        ('weight', models.PositiveSmallIntegerField(default=100, verbose_name='权重（%）')),
                        ('buffer', models.BigIntegerField(default=0, verbose_name='缓冲')),
                        ('baseline', models.BigIntegerField(null=True, verbose_name='基线')),
                        ('valid_from', models.DateField()),
                        ('origin', models.CharField(max_length=12)),
                        ('hand_set', models.BooleanField(default=False)),
                        ('basis_figures', models.JSONField(default=dict)),
                        ('elastic', models.JSONField(default=list)),
                        ('pace_basis', models.CharField(default='days', max_length=8)),
                        ('note', models.CharField(blank=True, default='', max_length=500)),
                        ('by_id', models.BigIntegerField(null=True)),
                        ('by_name', models.CharField(blank=True, default='', max_length=120)),
                        ('at', models.DateTimeField()),
                        ('adjustment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='goals.adjustment')),
                        ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='goals.goal')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_versions', to='goals.goal')),
                        ('present', models.JSONField(default=list)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('goal', 'number'), name='goals_version_once'), models.CheckConstraint(condition=models.Q(('target__gte', 0)), name='goals_version_target'), models.CheckConstraint(condition=models.Q(('weight__lte', 100)), name='goals_version_weight')],
                    },
                ),
                migrations.CreateModel(
                    name='GoalPart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label', models.CharField(max_length=12)),
                        ('start', models.DateField()),
                        ('end', models.DateField()),
                        ('target', models.BigIntegerField()),
                        ('hand_set', models.BooleanField(default=False)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='goals.goalversion')),
                    ],
                    options={
                        'ordering': ['start'],
                        'constraints': [models.UniqueConstraint(fields=('version', 'start'), name='goals_part_once')],
                    },
                ),
                migrations.CreateModel(
                    name='GoalOutcome',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('verdict', models.CharField(max_length=10)),
                        ('top', models.BigIntegerField(null=True)),
                        ('bottom', models.BigIntegerField(null=True)),
                        ('cases', models.IntegerField(default=0)),
                        ('at', models.DateTimeField()),
                        ('goal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='outcome', to='goals.goal')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='goals.goalversion')),
                    ],
                ),
                migrations.CreateModel(
                    name='GoalEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('drafted', '草稿'), ('submitted', '已提交'), ('returned', '已退回'), ('published', '已发布'), ('accepted', '已签认'), ('locked', '已锁定'), ('superseded', '已被替换'), ('withdrawn', '已撤回'), ('achieved', '已达成'), ('missed', '未达成'), ('expired', '已过期')], max_length=10)),
                        ('at', models.DateTimeField()),
                        ('by_id', models.BigIntegerField(null=True)),
                        ('by_name', models.CharField(blank=True, default='', max_length=120)),
                        ('reason', models.CharField(blank=True, default='', max_length=500)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='goals.goalversion')),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['kind', 'version'], name='goals_event_kind')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['submitted', 'returned']), _negated=True), fields=('version', 'kind'), name='goals_event_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AdjustmentEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('asked', '已申请'), ('escalated', '已升级'), ('approved', '已同意'), ('refused', '未同意'), ('withdrawn', '已撤回'), ('expired', '已过期'), ('checked', '已回看')], max_length=10)),
                        ('ends', models.BooleanField(default=False)),
                        ('at', models.DateTimeField()),
                        ('by_id', models.BigIntegerField(null=True)),
                        ('by_name', models.CharField(blank=True, default='', max_length=120)),
                        ('reason', models.CharField(blank=True, default='', max_length=1000)),
                        ('figures', models.JSONField(default=dict)),
                        ('adjustment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='goals.adjustment')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends', True)), fields=('adjustment',), name='goals_adjustment_one_end'), models.UniqueConstraint(condition=models.Q(('kind', 'escalated'), _negated=True), fields=('adjustment', 'kind'), name='goals_adjustment_event_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AdjustmentVoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('seat', models.CharField(max_length=10)),
                        ('yes', models.BooleanField()),
                        ('sentence', models.CharField(max_length=1000)),
                        ('at', models.DateTimeField()),
                        ('by_id', models.BigIntegerField()),
                        ('by_name', models.CharField(max_length=120)),
                        ('stands_for_id', models.BigIntegerField(null=True)),
                        ('adjustment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='goals.adjustment')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('adjustment', 'seat'), name='goals_voice_once'), models.UniqueConstraint(fields=('adjustment', 'by_id'), name='goals_voice_one_seat')],
                    },
                ),
            ],
        ),
    ]
