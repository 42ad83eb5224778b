"""Goals through the imports door: long and wide files, who may publish, what a second import does, and undoing it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import translation

from pacesetter.goals import acts as goal_acts
from pacesetter.goals import reads
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.imports import exporting, followups
from pacesetter.imports import reads as import_reads
from pacesetter.imports.acts import batches
from pacesetter.imports.models import Batch
from pacesetter.imports.rights import entities_for
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Product
from tests.imports.goal_files import LONG, counts, faults, take, views
from tests.world import AT, World


# --- long files -------------------------------------------------------------------------------------------------------
def test_the_installation_itself_publishes_what_it_imports(world: World) -> None:
    result = take(LONG)
    assert counts(result) == (3, 0, 0, 0)
    company = views()["won_amount", "公司", "2026Q2"]
    team = views()["won_amount", "华东一队", "2026Q2"]
    assert (company.status, team.status) == ("published", "published")
    assert (company.in_force.row.target, company.in_force.row.note) == (3_000_000_00, "年度主线")
    assert team.in_force.row.parent_id == company.pk
    assert (team.in_force.row.origin, team.goal.layer) == ("import", "team")


def test_the_same_file_again_creates_nothing_and_a_changed_number_needs_overwrite(world: World) -> None:
    take(LONG)
    for on_existing in ("skip", "fill", "overwrite"):
        assert counts(take(LONG, on_existing=on_existing)) == (0, 0, 3, 0)
    changed = LONG.replace(",300,", ",310,").replace(",180,", ",190,")
    assert counts(take(changed)) == (0, 0, 3, 0), "fill leaves a number that is there"
    assert GoalVersion.objects.count() == 3
    assert counts(take(changed, on_existing="overwrite")) == (0, 2, 1, 0)
    company = views()["won_amount", "公司", "2026Q2"]
    assert [(v.row.number, v.row.target, v.status) for v in company.versions] == [
        (1, 3_000_000_00, "superseded"),
        (2, 3_100_000_00, "published"),
    ]
    filled = "指标,归属,期间,保底,目标（万元）\n成交额,公司,2026Q2,250万,999\n"
    assert counts(take(filled)) == (0, 1, 0, 0)
    row = views()["won_amount", "公司", "2026Q2"].in_force.row
    assert (row.floor, row.target, row.note) == (2_500_000_00, 3_100_000_00, "年度主线")


def test_a_dry_run_writes_nothing(world: World) -> None:
    result = take(LONG, dry_run=True)
    file = result.as_json()["files"][0]
    assert (file["ready"], file["created"]) == (3, 0)
    assert not Goal.objects.exists()


def test_goals_that_do_not_add_up_stay_drafts_and_the_answer_lists_where(world: World) -> None:
    result = take(LONG.replace(",120,", ",110,"))
    assert counts(result) == (3, 0, 0, 0)
    assert {view.status for view in views().values()} == {"drafted"}
    [told] = result.as_json()["warnings"]
    assert told["file"] == "目标.csv"
    assert "won_amount 2026Q2" in told["reason"]
    assert str(-100_000_00) in told["reason"]
    assert {view.status for view in views().values()} == {"drafted"}


def test_rates_are_published_without_being_summed(world: World) -> None:
    head, *rows = LONG.replace("成交额", "成单率").replace("目标（万元）", "目标").splitlines()
    rows = [row.replace(value, ",25%,") for row, value in zip(rows, (",300,", ",180,", ",120,"), strict=True)]
    text = "\n".join([head, *rows])
    result = take(text + "\n")
    assert (counts(result), result.as_json()["warnings"]) == ((3, 0, 0, 0), [])
    assert {(view.status, view.in_force.row.target) for view in views().values()} == {("published", 2_500)}


def test_a_director_publishes_an_analyst_drafts_and_others_may_not(world: World) -> None:
    may = {role: "goals" in entities_for(world.reach(world.by_role(role))) for role in (
        "rep", "manager", "director", "hrbp", "analyst", "marketing", "finance", "admin", "stranger")}  # fmt: skip
    assert {role for role, allowed in may.items() if allowed} == {"director", "analyst"}
    take(LONG, by=world.analyst)
    assert {view.status for view in views().values()} == {"drafted"}
    take(LONG.replace("2026Q2", "2026Q3").replace("2026年第二季度", "2026Q3"), by=world.director)
    assert {v.status for (_m, _w, label), v in views().items() if label == "2026Q3"} == {"published"}


def test_an_analyst_reads_the_drafts_of_the_own_import_and_no_others(world: World) -> None:
    """Read only: whoever sets goals works on them."""
    take(LONG, by=world.analyst)
    draft = goal_acts.Draft("deals_won", "company", periods.parse("2026Q2"), 5)
    goal_acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    reach = world.reach(world.analyst)
    mine = reads.seen(reach, Goal.objects.order_by("pk"))
    assert [view.goal.metric for view in mine] == ["won_amount"] * 3
    assert {view.status for view in mine} == {"drafted"}
    assert set(reads.seen_rows(reach)) == {view.goal for view in mine}
    assert not any(reads.writable(reach, view.goal) for view in mine)
    other = goal_acts.Draft("won_amount", "company", periods.parse("2026Q2"), 9, seen=1)
    goal_acts.draft_goals([other], origin="hand", by=world.director, at=AT)
    top = Goal.objects.get(metric="won_amount", owner_kind="company")
    assert [version.row.origin for version in reads.seen(reach, [top])[top.pk].versions] == ["import"]
    assert not reads.seen(world.reach(world.hrbp), Goal.objects.all()).views


@pytest.mark.parametrize(("who", "status"), [("director", "published"), ("analyst", "drafted")])
def test_the_worker_imports_an_upload_with_the_right_of_who_sent_it(world: World, who: str, status: str) -> None:
    person = getattr(world, who)
    batch = batches.open_batch(preset="goals", files=[("a.csv", [LONG.encode()])], by=person, at=AT)
    batches.queue_batch(batch=batches.check_batch(batch=batch, by=person, at=AT), by=person, at=AT)
    assert not Goal.objects.exists(), "the check writes nothing"
    followups.run_due_batches(now=AT)
    batch.refresh_from_db()
    assert (batch.state, [file["created"] for file in batch.files]) == ("done", [3])
    assert {view.status for view in views().values()} == {status}


def test_a_row_that_says_draft_stays_one(world: World) -> None:
    take("指标,归属,期间,目标,状态\n成交额,公司,2026,100,草稿\n成单数,公司,2026,100,\n")
    assert views()["won_amount", "公司", "2026"].status == "drafted"
    assert views()["deals_won", "公司", "2026"].status == "published"


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("2026-03", "2026-03"), ("2026年3月", "2026-03"), ("2026/3", "2026-03"), ("2026Q2", "2026Q2"),
        ("2026年第二季度", "2026Q2"), ("2026", "2026"), ("2026年", "2026"), ("FY2026", "FY2026"),
        ("FY2026Q1", "FY2026Q1"), ("PM2026-03", "PM2026-03"), ("2026-W09", "2026-W09"), ("2026-03-01", "2026-03-01"),
    ],
)  # fmt: skip
def test_periods_as_people_write_them(world: World, written: str, label: str) -> None:
    assert counts(take(f"指标,归属,期间,目标\n成交额,公司,{written},100\n")) == (1, 0, 0, 0)
    assert Goal.objects.get().label == label


def test_a_month_typed_into_a_spreadsheet_is_that_month(world: World) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", "归属", "期间", "目标"])
    sheet.append(["成交额", "公司", date(2026, 3, 1), 100])
    sheet.append(["成交额", "公司", date(2026, 3, 2), 100])
    buffer = io.BytesIO()
    book.save(buffer)
    order = batches.order_for("goals", [("目标.xlsx", buffer.getvalue())])
    batches.run_now(order, by=None, at=AT)
    assert set(Goal.objects.values_list("label", flat=True)) == {"2026-03", "2026-03-02"}


def test_values_are_read_in_the_metrics_own_unit(world: World) -> None:
    take(
        "指标,归属,期间,目标,单位\n成交额,公司,2026,1.5,万元\n成单率,公司,2026,25%,\n成单数,公司,2026,12,单\n"
        "线索转化率,公司,2026,0.125,\nEffective visits,公司,2026,900,\n成交额,公司,2026Q1,1200.50,\n"
    )
    targets = {metric: view.in_force.row.target for (metric, _w, label), view in views().items() if label == "2026"}
    assert targets == {"won_amount": 15_000_00, "win_rate": 2_500, "deals_won": 12, "lead_conversion_rate": 1_250,
                       "effective_visits": 900}  # fmt: skip
    assert views()["won_amount", "公司", "2026Q1"].in_force.row.target == 1_200_50


def test_a_goal_of_a_scope_and_of_every_day(world: World) -> None:
    with bulk.promote(by=None, at=AT, on=date(2026, 3, 16), label="x", entity="import", object_id="x") as batch:
        batch.products([bulk.ProductRow(name="灯", code="P1")])
    take(
        "指标,人员,期间,目标,区域,行业,产品,新客/复购,每\n成交额,孙浩,2026Q2,500000,华东,制造,P1,新客,\n"
        "有效拜访,孙浩,2026-04,3,,,,,日\n"
    )
    scoped = views()["won_amount", "孙浩", "2026Q2"].goal
    assert (scoped.customer_region, scoped.industry, scoped.product, scoped.customer_kind) == (
        "华东", "制造", Product.objects.get(), "new",
    )  # fmt: skip
    daily = views()["effective_visits", "孙浩", "2026-04"].goal
    assert (daily.per, daily.layer) == ("day", "action")


def test_a_scope_no_customer_carries_is_taken_and_named_with_the_nearest(world: World) -> None:
    with bulk.promote(by=None, at=AT, on=date(2026, 3, 16), label="x", entity="import", object_id="x") as batch:
        batch.customers([bulk.CustomerRow("海川机械", industry="装备制造", region="华东")])
    result = take(
        "指标,归属,期间,目标,行业,区域\n"
        "成交额,公司,2026Q2,5,装备制照,华东\n成交额,公司,2026Q3,5,装备制造,火星\n成交额,公司,2026Q4,5,装备制造,华东\n"
    )
    assert counts(result) == (3, 0, 0, 0)
    assert [(fault.row, fault.code, fault.value, fault.params["near"]) for fault in result.plan.warnings] == [
        (2, "goal_scope_near", "装备制照", "装备制造"), (3, "goal_scope_new", "火星", ""),
    ]  # fmt: skip
    assert Goal.objects.filter(industry="装备制照").exists()


def test_the_goal_above_is_the_teams_else_the_one_above_else_the_companys(world: World) -> None:
    take(
        "指标,归属,期间,目标\n"
        "成交额,公司,2026Q2,300\n成交额,华东区,2026Q2,300\n成交额,E006,2026Q2,300\n"  # nobody set the team between
        "成交额,公司,2026Q3,300\n成交额,孙浩,2026Q3,300\n成单数,孙浩,2026Q3,3\n"
        "成交额,公司,2026,900\n"
    )
    found = views()
    area, company = found["won_amount", "华东区", "2026Q2"], found["won_amount", "公司", "2026Q2"]
    assert found["won_amount", "孙浩", "2026Q2"].shown.row.parent_id == area.pk
    assert area.shown.row.parent_id == company.pk
    assert company.shown.row.parent_id is None
    assert found["won_amount", "孙浩", "2026Q3"].shown.row.parent_id == found["won_amount", "公司", "2026Q3"].pk
    assert found["deals_won", "孙浩", "2026Q3"].shown.row.parent_id is None
    named = "指标,归属,期间,目标,上级目标\n有效拜访,孙浩,2026-04,60,公司@2026Q2@成交额\n成交额,孙浩,2026-05,9,无\n"
    take(named)
    found = views()
    assert found["effective_visits", "孙浩", "2026-04"].shown.row.parent_id == company.pk
    assert found["won_amount", "孙浩", "2026-05"].shown.row.parent_id is None
    assert counts(take(named, on_existing="overwrite")) == (0, 0, 2, 0)


# --- what is wrong ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("没有的指标,公司,2026,,1,,,", "指标", "没有的指标", "unknown_metric"),
        ("成交额,谁,2026,,1,,,", "归属", "谁", "unknown_reference"),
        ("成交额,,2026,,1,,,", "归属", "", "goal_owner"),
        ("成交额,公司,某年,,1,,,", "期间", "某年", "period_shape"),
        ("成交额,公司,2026-13,,1,,,", "期间", "2026-13", "no_such_period"),
        ("成交额,公司,,,1,,,", "期间", "", "required"),
        ("成交额,公司,2026,,,,,", "目标", "", "required"),
        ("成交额,公司,2026,,很多,,,", "目标", "很多", "not_a_number"),
        ("成单率,公司,2026,,25,,,", "目标", "25", "percent_unclear"),
        ("成单数,公司,2026,,2.5,,,", "目标", "2.5", "not_integer"),
        ("成交额,公司,2026,,0,,,", "目标", "0", "goal_value"),
        ("成交额,公司,2026,-1,100,,,", "保底", "-1", "goal_value"),
        ("成交额,公司,2026,200,100,,,", "目标", "100", "goal_lines"),
        ("成交额,公司,2026,,100,120,,", "权重", "120", "goal_weight"),
        ("有效拜访,公司,2026,,100,,新客,", "新客/复购", "新客", "goal_scope"),
        ("成交额,公司,2026,,100,,,华东一队@2026", "上级目标", "华东一队@2026", "goal_above_unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(world: World, row: str, column: str, value: str, code: str) -> None:
    good = "成单数,公司,2027,,1,,,\n"
    result = take("指标,归属,期间,保底,目标,权重,新客/复购,上级目标\n" + row + "\n" + good)
    assert faults(result) == [(2, column, value, code)]
    assert not Goal.objects.exists(), "one file is all or nothing"
    with translation.override("en"):
        told = result.as_json()["errors"][0]["reason"]
    assert told.isascii() or value in told or column in told


def test_nothing_may_be_wanted_where_less_is_better(world: World) -> None:
    assert counts(take("指标,归属,期间,目标\n逾期应收,公司,2026,0\n"))[0] == 1
    assert GoalVersion.objects.get().target == 0


@pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
def test_a_day_outside_the_period_is_told_at_its_cell(world: World, day: str) -> None:
    head = "指标,归属,期间,目标,生效日期\n"
    assert faults(take(head + f"成交额,公司,2026,100,{day}\n")) == [(2, "生效日期", day, "outside_period")]
    assert not Goal.objects.exists()
    assert counts(take(head + "成交额,公司,2026,100,2026-12-31\n"))[0] == 1
    assert GoalVersion.objects.get().valid_from == date(2026, 12, 31)


def test_one_goal_twice_in_a_file(world: World) -> None:
    head = "指标,归属,期间,目标\n成交额,公司,2026,100\n"
    assert counts(take(head + "成交额,公司,2026,100\n", dry_run=True))[2] == 1
    assert faults(take(head + "成交额,公司,2026,101\n")) == [(3, "指标", "成交额", "same_record")]


def test_a_name_that_is_a_team_and_a_person_is_not_guessed(world: World) -> None:
    people.add_team(name="孙浩", by=None, at=AT)
    assert faults(take("指标,归属,期间,目标\n成交额,孙浩,2026,100\n")) == [(2, "归属", "孙浩", "goal_owner_unclear")]
    assert counts(take("指标,归属,期间,目标\n成交额,团队:孙浩,2026,100\n")) == (1, 0, 0, 0)
    assert Goal.objects.get().owner_kind == "team"


def test_locked_ended_and_closed_goals_are_left_alone(world: World) -> None:
    take(LONG)
    goal_acts.lock_goals([views()["won_amount", "公司", "2026Q2"].pk], by=None, at=AT)
    assert faults(take(LONG.replace(",300,", ",301,"), on_existing="overwrite")) == [
        (2, "期间", "2026Q2", "goal_locked")
    ]
    assert counts(take(LONG, on_existing="overwrite")) == (0, 0, 3, 0), "the same again is fine"
    people.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=None, at=AT)
    assert faults(take("指标,归属,期间,目标\n成交额,公司,2026-01,100\n")) == [(2, "期间", "2026-01", "goal_closed")]


# --- months in columns ------------------------------------------------------------------------------------------------
MONTHS = [f"{month}月" for month in range(1, 13)]


def test_twelve_months_are_a_year_with_its_parts(world: World) -> None:
    values = [str(place) for place in range(1, 13)]
    text = f"指标,姓名,年度,{','.join(f'{m}（万元）' for m in MONTHS)}\n成交额,孙浩,2026,{','.join(values)}\n"
    first = take(text)
    assert counts(first) == (1, 0, 0, 0)
    assert [(fault.code, fault.params["n"]) for fault in first.plan.warnings] == [("goals_unready", 1)], "serves none"
    version = views()["won_amount", "孙浩", "2026"].in_force
    assert version.row.target == 78 * 10_000_00
    assert [(part.label, part.target) for part in version.parts] == [
        (f"2026-{month:02d}", month * 10_000_00) for month in range(1, 13)
    ]
    assert counts(take(text, on_existing="overwrite")) == (0, 0, 1, 0)


def test_labels_of_their_own_need_no_year_and_a_fiscal_year_is_found(world: World) -> None:
    people.change_company(fiscal_start_month=7, by=None, at=AT)
    heads = [f"2026-{m:02d}" for m in range(7, 13)] + [f"2027-{m:02d}" for m in range(1, 7)]
    take(f"指标,归属,{','.join(heads)}\n成单数,公司,{','.join(['2'] * 12)}\n")
    assert [(g.label, g.period_kind) for g in Goal.objects.all()] == [("FY2027", "fiscal_year")]


def test_some_months_are_goals_of_months(world: World) -> None:
    result = take("Metric,Owner,Period,Jan,Feb,Mar\n成单率,公司,2026,20%,25%,30%\n成单数,公司,2026,3,,5\n")
    assert counts(result) == (2, 0, 0, 0)
    assert {key: view.in_force.row.target for key, view in views().items()} == {
        ("win_rate", "公司", "2026-01"): 2_000, ("win_rate", "公司", "2026-02"): 2_500,
        ("win_rate", "公司", "2026-03"): 3_000, ("deals_won", "公司", "2026-01"): 3,
        ("deals_won", "公司", "2026-03"): 5,
    }  # fmt: skip


def test_a_quarter_with_its_three_months(world: World) -> None:
    take("指标,归属,期间,2026-04,2026-05,2026-06\n成单数,公司,2026Q2,3,4,5\n")
    version = views()["deals_won", "公司", "2026Q2"].in_force
    assert (version.row.target, [part.target for part in version.parts]) == (12, [3, 4, 5])


def test_months_without_a_year_and_sums_that_differ_are_refused(world: World) -> None:
    assert [f[3] for f in faults(take("指标,归属,1月,2月\n成单数,公司,1,2\n"))] == ["months_need_year"]
    twelve = ",".join(["1"] * 12)
    text = f"指标,归属,期间,目标,{','.join(MONTHS)}\n成单数,公司,2026,13,{twelve}\n"
    assert [f[3] for f in faults(take(text))] == ["goal_parts"]
    assert [f[3] for f in faults(take("指标,归属,期间,目标,1月\n成单数,公司,2026,13,1\n"))] == ["months_incomplete"]


@pytest.mark.parametrize("parts", ["2026-04=1;2026-07=2", "2026-04=1;2026-04=2"])
def test_parts_lie_in_the_period_each_once(world: World, parts: str) -> None:
    result = take(f"指标,归属,期间,目标,分期\n成单数,公司,2026Q2,3,{parts}\n")
    assert faults(result) == [(2, "分期", parts, "goal_parts_outside")]


def test_the_mapping_page_says_which_columns_are_months(world: World) -> None:
    data = "指标,归属,期间,1月（万元）,2月,备用\n成交额,公司,2026,1,2,x\n".encode()
    batch = batches.open_batch(preset="goals", files=[("a.csv", [data])], by=world.director, at=AT)
    [view] = import_reads.file_views(batch)
    assert [(column.header, column.month) for column in view.columns if not column.name] == [
        ("1月（万元）", True),
        ("2月", True),
        ("备用", False),
    ]


def test_a_changed_year_takes_its_months_along(world: World) -> None:
    take("指标,归属,期间,2026-04,2026-05,2026-06\n成单数,公司,2026Q2,1,2,3\n")
    take("指标,归属,期间,目标\n成单数,公司,2026Q2,12\n", on_existing="overwrite")
    version = views()["deals_won", "公司", "2026Q2"].in_force
    assert (version.row.number, [part.target for part in version.parts]) == (2, [2, 4, 6])


# --- out and in -------------------------------------------------------------------------------------------------------
def test_an_export_read_back_changes_nothing_and_rebuilds_the_same_goals(world: World, tmp_path: Path) -> None:
    take(LONG)
    take("指标,归属,期间,2026-04,2026-05,2026-06,来源\n成单数,公司,2026Q2,3,4,5,董事会\n")
    take(
        "指标,归属,期间,目标,上级目标,每,状态\n有效拜访,孙浩,2026-04,3,公司@2026Q2@成交额,日,草稿\n成单率,公司,2026,12.5%,,,\n"
    )
    assert exporting.count()["goals"] == 6
    before = list(exporting.Exporter().rows("goals"))
    assert len(before) == 6
    versions = GoalVersion.objects.count()
    for kind in ("csv", "xlsx"):
        target = tmp_path / f"x.{kind}"
        call_command("export", "goals", f"--{kind}", str(target), stderr=io.StringIO())
        order = batches.order_for("goals", [target], on_existing="overwrite")
        assert counts(batches.run_now(order, by=None, at=AT)) == (0, 0, 6, 0), kind
    assert GoalVersion.objects.count() == versions
    # another installation with the same people
    for batch in Batch.objects.exclude(state="undone").filter(entries__1__isnull=False).order_by("-pk"):
        batches.undo_batch(batch=batch, by=None, at=AT + timedelta(minutes=5))
    assert exporting.count()["goals"] == 0
    assert counts(batches.run_now(batches.order_for("goals", [tmp_path / "x.csv"]), by=None, at=AT)) == (6, 0, 0, 0)
    assert list(exporting.Exporter().rows("goals")) == before
